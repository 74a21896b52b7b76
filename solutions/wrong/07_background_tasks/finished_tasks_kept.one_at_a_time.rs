//! Each `submit` joins one job that has ended. The rest, and their errors, stay for as long as nothing is submitted.

impl Background {
    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut state = self.state.lock().expect("no panic under the lock");
        let State { jobs, ended } = &mut *state;
        let jobs = jobs.as_mut().ok_or(Refused::ShuttingDown)?;
        if let Some(joined) = jobs.try_join_next() {
            ended.count(joined);
        }
        if jobs.len() >= self.limit {
            return Err(Refused::Full);
        }
        jobs.spawn(job);
        Ok(())
    }
}
