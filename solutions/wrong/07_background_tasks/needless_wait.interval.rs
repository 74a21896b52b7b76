//! The shutdown checks every 50 ms whether all jobs have ended.

use tokio::time::interval;

impl Background {
    pub async fn shutdown(&self, grace: Duration) -> Report {
        let deadline = Instant::now() + grace;
        let (jobs, mut report) = {
            let mut state = self.state();
            (state.jobs.take(), state.ended)
        };
        let mut jobs = jobs.unwrap_or_default();
        let mut ticks = interval(Duration::from_millis(50));
        while !jobs.is_empty() && timeout_at(deadline, ticks.tick()).await.is_ok() {
            while let Some(joined) = jobs.try_join_next() {
                report.count(joined);
            }
        }
        jobs.abort_all();
        while let Some(joined) = jobs.join_next().await {
            report.count(joined);
        }
        report
    }
}
