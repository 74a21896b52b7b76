//! The shutdown blocks the thread until the grace is over. The jobs run on the same thread, and make no progress.

use std::thread;

impl Background {
    pub async fn shutdown(&self, grace: Duration) -> Report {
        let (jobs, mut report) = {
            let mut state = self.state();
            (state.jobs.take(), state.ended)
        };
        let mut jobs = jobs.unwrap_or_default();
        thread::sleep(grace);
        jobs.abort_all();
        while let Some(joined) = jobs.join_next().await {
            report.count(joined);
        }
        report
    }
}
