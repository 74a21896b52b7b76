//! Also right: a caller who waits for long is told so, and goes on waiting; a task gives way once before its work; a
//! channel of wake-ups, and one poll answers all that are in it.

use std::{
    sync::{Arc, mpsc},
    task::{Context, Poll, Wake},
    time::Duration,
};

use tokio::{
    runtime::{Builder, Handle},
    task::{JoinHandle, yield_now},
    time::timeout,
};

/// After which a sign of life is given.
const LONG: Duration = Duration::from_secs(60 * 60);

pub fn run<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing but file descriptors");
    runtime.block_on(async {
        let mut future = Box::pin(future);
        loop {
            // The future is only borrowed: at the end of the time limit it goes on.
            match timeout(LONG, &mut future).await {
                Ok(output) => return output,
                Err(_elapsed) => eprintln!("still waiting"),
            }
        }
    })
}

pub fn spawn_from_thread<W>(handle: Handle, work: W) -> JoinHandle<u64>
where
    W: Future<Output = u64> + Send + 'static,
{
    handle.spawn(async {
        yield_now().await;
        work.await
    })
}

struct Bell(mpsc::Sender<()>);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        // Once the call is over, nobody hears it.
        let _ = self.0.send(());
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let (bell, rings) = mpsc::channel();
    let waker = Arc::new(Bell(bell)).into();
    let mut future = Box::pin(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        rings.recv().expect("the waker has the sender");
        while rings.try_recv().is_ok() {}
    }
}

hidden_runtime::grade!();
