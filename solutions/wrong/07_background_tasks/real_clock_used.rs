//! Keeps the deadline on the clock of `std`, and waits for the rest on tokio's. While tokio's is paused, the rest never
//! shrinks.

use tokio::time::timeout;

impl Background {
    pub async fn shutdown(&self, grace: Duration) -> Report {
        let deadline = std::time::Instant::now() + grace;
        let (jobs, mut report) = {
            let mut state = self.state();
            (state.jobs.take(), state.ended)
        };
        let mut jobs = jobs.unwrap_or_default();
        let left = || deadline.saturating_duration_since(std::time::Instant::now());
        while let Ok(Some(joined)) = timeout(left(), jobs.join_next()).await {
            report.count(joined);
        }
        jobs.abort_all();
        while let Some(joined) = jobs.join_next().await {
            report.count(joined);
        }
        report
    }
}
