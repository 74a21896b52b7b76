//! Takes the set out and leaves an empty one in its place. A job submitted during the drain goes into the new one, and
//! nobody waits for it.

#[derive(Default)]
struct State {
    jobs: JoinSet<Result<(), BoxError>>,
    ended: Report,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            state: Mutex::default(),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut state = self.state.lock().expect("no panic under the lock");
        let State { jobs, ended } = &mut *state;
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
        let State {
            mut jobs,
            ended: mut report,
        } = std::mem::take(&mut *self.state.lock().expect("no panic under the lock"));
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
