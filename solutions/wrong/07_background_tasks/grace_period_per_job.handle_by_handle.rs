//! The first job gets the grace, then the second gets it again, and so on.

use futures::FutureExt as _;
use tokio::{task::JoinHandle, time::timeout};

#[derive(Default)]
struct State {
    shutting_down: bool,
    jobs: Vec<JoinHandle<Result<(), BoxError>>>,
    ended: Report,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            state: Mutex::default(),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut state = self.state.lock().expect("no panic under the lock");
        if state.shutting_down {
            return Err(Refused::ShuttingDown);
        }
        let (ended, running): (Vec<_>, Vec<_>) = std::mem::take(&mut state.jobs)
            .into_iter()
            .partition(JoinHandle::is_finished);
        state.jobs = running;
        for job in ended {
            let joined = job.now_or_never().expect("it has ended");
            state.ended.count(joined);
        }
        if state.jobs.len() >= self.limit {
            return Err(Refused::Full);
        }
        state.jobs.push(tokio::spawn(job));
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        let (jobs, mut report) = {
            let mut state = self.state.lock().expect("no panic under the lock");
            state.shutting_down = true;
            (std::mem::take(&mut state.jobs), state.ended)
        };
        for mut job in jobs {
            let joined = match timeout(grace, &mut job).await {
                Ok(joined) => joined,
                Err(_) => {
                    job.abort();
                    job.await
                }
            };
            report.count(joined);
        }
        report
    }
}
