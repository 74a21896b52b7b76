//! Joins what has ended only when there's no room left. With room for ten thousand jobs, it keeps ten thousand results.

impl Background {
    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut state = self.state.lock().expect("no panic under the lock");
        let State { jobs, ended } = &mut *state;
        let jobs = jobs.as_mut().ok_or(Refused::ShuttingDown)?;
        if jobs.len() >= self.limit {
            while let Some(joined) = jobs.try_join_next() {
                ended.count(joined);
            }
        }
        if jobs.len() >= self.limit {
            return Err(Refused::Full);
        }
        jobs.spawn(job);
        Ok(())
    }
}
