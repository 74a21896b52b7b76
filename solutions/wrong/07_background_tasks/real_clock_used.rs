//! The deadline is on the clock of `std`, and what is left until then is waited for on tokio's, which is paused:
//! it does not get less.

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
