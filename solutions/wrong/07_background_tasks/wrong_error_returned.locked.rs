//! The shutdown holds the lock while it drains. `submit` can't wait for the lock, and takes that for a lack of room.

pub struct Background {
    limit: usize,
    state: tokio::sync::Mutex<State>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            state: tokio::sync::Mutex::new(State {
                jobs: Some(JoinSet::new()),
                ended: Report::default(),
            }),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut state = self.state.try_lock().map_err(|_| Refused::Full)?;
        let State { jobs, ended } = &mut *state;
        let jobs = jobs.as_mut().ok_or(Refused::ShuttingDown)?;
        while let Some(joined) = jobs.try_join_next() {
            ended.count(joined);
        }
        if jobs.len() >= self.limit {
            return Err(Refused::Full);
        }
        jobs.spawn(job);
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        let deadline = Instant::now() + grace;
        let mut state = self.state.lock().await;
        let mut report = state.ended;
        let mut jobs = state.jobs.take().unwrap_or_default();
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
