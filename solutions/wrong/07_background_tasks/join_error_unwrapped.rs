//! Unwraps the result of joining. The first job that panicked makes `shutdown` panic too, and the others are aborted
//! with it.

impl Background {
    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut state = self.state.lock().expect("no panic under the lock");
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
        let (jobs, mut report) = {
            let mut state = self.state.lock().expect("no panic under the lock");
            (state.jobs.take(), state.ended)
        };
        let mut jobs = jobs.unwrap_or_default();
        while let Ok(Some(joined)) = timeout_at(deadline, jobs.join_next()).await {
            match joined.expect("the job does not panic") {
                Ok(()) => report.done += 1,
                Err(_) => report.failed += 1,
            }
        }
        jobs.abort_all();
        while let Some(joined) = jobs.join_next().await {
            joined.expect_err("it was aborted");
            report.aborted += 1;
        }
        report
    }
}
