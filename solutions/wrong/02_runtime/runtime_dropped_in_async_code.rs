//! A runtime made inside an async block is dropped there too, and that would block the thread that polls.

use tokio::runtime::Runtime;

pub fn run<F: Future>(future: F) -> F::Output {
    let outer = Runtime::new().unwrap();
    outer.block_on(async {
        let helper = Runtime::new().unwrap();
        let _warm = helper.spawn(async {});
        future.await
    })
}
