//! The thread that polls the outer future may not block on another one.

use tokio::runtime::Runtime;

pub fn run<F: Future>(future: F) -> F::Output {
    let outer = Runtime::new().unwrap();
    outer.block_on(async {
        let inner = Builder::new_current_thread().enable_all().build().unwrap();
        inner.block_on(future)
    })
}
