//! When the grace is over, drops the remaining handles. Dropping a `JoinHandle` doesn't abort its task: the task goes
//! on, and nobody can reach it.

use futures::FutureExt as _;
use tokio::task::JoinHandle;

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
        let deadline = Instant::now() + grace;
        let (jobs, mut report) = {
            let mut state = self.state.lock().expect("no panic under the lock");
            state.shutting_down = true;
            (std::mem::take(&mut state.jobs), state.ended)
        };
        for job in jobs {
            match timeout_at(deadline, job).await {
                Ok(joined) => report.count(joined),
                Err(_) => report.aborted += 1,
            }
        }
        report
    }
}
