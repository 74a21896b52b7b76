//! One timeout around all jobs. When it's over, all count as aborted, even those that had ended: `join_all` is dropped
//! with their results.

use futures::{FutureExt as _, future::join_all};
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
        let State {
            shutting_down,
            jobs,
            ended,
        } = &mut *state;
        if *shutting_down {
            return Err(Refused::ShuttingDown);
        }
        for job in jobs.extract_if(.., |job| job.is_finished()) {
            ended.count(job.now_or_never().expect("it has ended"));
        }
        if jobs.len() >= self.limit {
            return Err(Refused::Full);
        }
        jobs.push(tokio::spawn(job));
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        let (mut jobs, mut report) = {
            let mut state = self.state.lock().expect("no panic under the lock");
            state.shutting_down = true;
            (std::mem::take(&mut state.jobs), state.ended)
        };
        match timeout(grace, join_all(&mut jobs)).await {
            Ok(all) => all.into_iter().for_each(|joined| report.count(joined)),
            Err(_) => {
                report.aborted += jobs.len();
                jobs.retain(|job| !job.is_finished());
                for job in jobs {
                    job.abort();
                    drop(job.await);
                }
            }
        }
        report
    }
}
