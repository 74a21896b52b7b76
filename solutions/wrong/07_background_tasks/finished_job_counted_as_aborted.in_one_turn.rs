//! When the time is up, counts whatever is left in the set as aborted. Without any grace left, the timeout fires before
//! the loop has joined all that have ended, since tokio makes a task give way after 128 of them.

use tokio::time::timeout;

impl Background {
    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut state = self.state.lock().expect("no panic under the lock");
        let State { jobs, ended } = &mut *state;
        let jobs = jobs.as_mut().ok_or(Refused::ShuttingDown)?;
        while let Some(joined) = jobs.try_join_next() {
            ended.count(joined);
        }
        if jobs.len() >= self.limit {
            return Err(Refused::Full);
        }
        jobs.spawn(job);
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        let (jobs, mut report) = {
            let mut state = self.state.lock().expect("no panic under the lock");
            (state.jobs.take(), state.ended)
        };
        let mut jobs = jobs.unwrap_or_default();
        let all = async {
            while let Some(joined) = jobs.join_next().await {
                report.count(joined);
            }
        };
        if timeout(grace, all).await.is_err() {
            report.aborted += jobs.len();
            jobs.shutdown().await;
        }
        report
    }
}
