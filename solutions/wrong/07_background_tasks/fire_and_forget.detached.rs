//! When the grace is over, detaches the remaining tasks instead of aborting them, and still counts them as aborted.

impl Background {
    pub async fn shutdown(&self, grace: Duration) -> Report {
        let deadline = Instant::now() + grace;
        let (jobs, mut report) = {
            let mut state = self.state();
            (state.jobs.take(), state.ended)
        };
        let mut jobs = jobs.unwrap_or_default();
        while let Ok(Some(joined)) = timeout_at(deadline, jobs.join_next()).await {
            report.count(joined);
        }
        report.aborted += jobs.len();
        jobs.detach_all();
        report
    }
}
