//! Joins the drain with a sleep, so it always takes as long as the longer of the two.

use tokio::time::{sleep, timeout};

impl Background {
    pub async fn shutdown(&self, grace: Duration) -> Report {
        let (jobs, mut report) = {
            let mut state = self.state();
            (state.jobs.take(), state.ended)
        };
        let mut jobs = jobs.unwrap_or_default();
        let drain = async {
            while jobs
                .join_next()
                .await
                .map(|joined| report.count(joined))
                .is_some()
            {}
        };
        let _ = tokio::join!(timeout(grace, drain), sleep(grace));
        jobs.abort_all();
        while let Some(joined) = jobs.join_next().await {
            report.count(joined);
        }
        report
    }
}
