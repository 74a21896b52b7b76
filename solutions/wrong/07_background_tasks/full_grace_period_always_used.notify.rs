//! Waits for a notification of the last job's end, even if that was long ago, or there was no job. `notify_waiters`
//! reaches only those who are waiting already.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use tokio::{sync::Notify, time::timeout};
use tokio_util::sync::CancellationToken;

pub struct Background {
    limit: usize,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    idle: Notify,
    abort: CancellationToken,
}

#[derive(Default)]
struct State {
    shutting_down: bool,
    running: usize,
    report: Report,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            shared: Arc::default(),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut state = self.shared.state.lock().expect("no panic under the lock");
        if state.shutting_down {
            return Err(Refused::ShuttingDown);
        }
        if state.running >= self.limit {
            return Err(Refused::Full);
        }
        state.running += 1;
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            let job = AssertUnwindSafe(job).catch_unwind();
            let ended = shared.abort.run_until_cancelled(job).await;
            let mut state = shared.state.lock().expect("no panic under the lock");
            match ended {
                Some(Ok(Ok(()))) => state.report.done += 1,
                Some(Ok(Err(_))) => state.report.failed += 1,
                Some(Err(_)) => state.report.panicked += 1,
                None => state.report.aborted += 1,
            }
            state.running -= 1;
            if state.running == 0 {
                shared.idle.notify_waiters();
            }
        });
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        let state = || self.shared.state.lock().expect("no panic under the lock");
        state().shutting_down = true;
        if timeout(grace, self.shared.idle.notified()).await.is_err() && state().running > 0 {
            let idle = self.shared.idle.notified();
            self.shared.abort.cancel();
            idle.await;
        }
        state().report
    }
}
