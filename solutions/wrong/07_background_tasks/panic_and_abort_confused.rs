//! Takes every `JoinError` for an abort. A panic is a bug in the program, and nobody hears of it.

impl Report {
    fn count(&mut self, ended: Result<Result<(), BoxError>, JoinError>) {
        match ended {
            Ok(Ok(())) => self.done += 1,
            Ok(Err(_)) => self.failed += 1,
            Err(_) => self.aborted += 1,
        }
    }
}

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
            report.count(joined);
        }
        jobs.abort_all();
        while let Some(joined) = jobs.join_next().await {
            report.count(joined);
        }
        report
    }
}
