//! `now_or_never` polls once, without a waker: in a loop, that's a busy loop.

use futures::FutureExt as _;

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Some(output) = future.as_mut().now_or_never() {
            return output;
        }
    }
}
