//! A thread sleeps until the grace is over. The paused clock doesn't wait for it, and reached the jobs' ends long ago.

use std::thread;

use tokio::sync::oneshot;

impl Background {
    pub async fn shutdown(&self, grace: Duration) -> Report {
        let (over, mut grace_is_over) = oneshot::channel();
        thread::spawn(move || {
            thread::sleep(grace);
            over.send(())
        });
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
                _ = &mut grace_is_over => break,
            }
        }
        jobs.abort_all();
        while let Some(joined) = jobs.join_next().await {
            report.count(joined);
        }
        report
    }
}
