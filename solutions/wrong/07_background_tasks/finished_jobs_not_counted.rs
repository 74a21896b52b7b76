//! `submit` makes room by joining what has ended, and forgets how it ended. The report knows only the last few jobs.

pub struct Background {
    limit: usize,
    jobs: Mutex<Option<JoinSet<Result<(), BoxError>>>>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            jobs: Mutex::new(Some(JoinSet::new())),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut jobs = self.jobs.lock().expect("no panic under the lock");
        let jobs = jobs.as_mut().ok_or(Refused::ShuttingDown)?;
        while jobs.try_join_next().is_some() {}
        if jobs.len() >= self.limit {
            return Err(Refused::Full);
        }
        jobs.spawn(job);
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        let deadline = Instant::now() + grace;
        let jobs = self.jobs.lock().expect("no panic under the lock").take();
        let mut jobs = jobs.unwrap_or_default();
        let mut report = Report::default();
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
