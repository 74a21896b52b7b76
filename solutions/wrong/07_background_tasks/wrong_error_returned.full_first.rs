//! Checks for room before it checks for the shutdown. With no room left, a caller is told to try again until the
//! service is gone.

use std::sync::atomic::{AtomicUsize, Ordering};

pub struct Background {
    limit: usize,
    running: Arc<AtomicUsize>,
    state: Mutex<State>,
}

/// A place, given back when it is dropped.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            running: Arc::default(),
            state: Mutex::new(State {
                jobs: Some(JoinSet::new()),
                ended: Report::default(),
            }),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut state = self.state.lock().expect("no panic under the lock");
        if self.running.load(Ordering::SeqCst) >= self.limit {
            return Err(Refused::Full);
        }
        let State { jobs, ended } = &mut *state;
        let jobs = jobs.as_mut().ok_or(Refused::ShuttingDown)?;
        while let Some(joined) = jobs.try_join_next() {
            ended.count(joined);
        }
        self.running.fetch_add(1, Ordering::SeqCst);
        let place = Place(Arc::clone(&self.running));
        jobs.spawn(async move {
            let _place = place;
            job.await
        });
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        let deadline = Instant::now() + grace;
        let (jobs, mut report) = {
            let mut state = self.state.lock().expect("no panic under the lock");
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
