//! Each turn of the loop makes a new sleep, so the grace starts again whenever a job ends.

use tokio::time::sleep;

impl Background {
    pub async fn shutdown(&self, grace: Duration) -> Report {
        let (jobs, mut report) = {
            let mut state = self.state();
            (state.jobs.take(), state.ended)
        };
        let mut jobs = jobs.unwrap_or_default();
        loop {
            tokio::select! {
                joined = jobs.join_next() => match joined {
                    Some(joined) => report.count(joined),
                    None => break,
                },
                () = sleep(grace) => break,
            }
        }
        jobs.abort_all();
        while let Some(joined) = jobs.join_next().await {
            report.count(joined);
        }
        report
    }
}
