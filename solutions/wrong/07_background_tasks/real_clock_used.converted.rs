//! Takes the deadline from the clock of `std` and converts it to tokio's, whose paused clock is ahead.

impl Background {
    pub async fn shutdown(&self, grace: Duration) -> Report {
        let deadline = Instant::from_std(std::time::Instant::now() + grace);
        let (jobs, mut report) = {
            let mut state = self.state();
            (state.jobs.take(), state.ended)
        };
        let mut jobs = jobs.unwrap_or_default();
        while let Ok(Some(joined)) = timeout_at(deadline, jobs.join_next()).await {
            report.count(joined);
        }
        jobs.abort_all();
        while let Some(joined) = jobs.join_next().await {
            report.count(joined);
        }
        report
    }
}
