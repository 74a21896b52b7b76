//! `submit` polls the job once, in case it's done already. The caller waits for that poll.

use futures::FutureExt as _;

impl Background {
    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut state = self.state();
        let State { jobs, ended } = &mut *state;
        let jobs = jobs.as_mut().ok_or(Refused::ShuttingDown)?;
        while let Some(joined) = jobs.try_join_next() {
            ended.count(joined);
        }
        if jobs.len() >= self.limit {
            return Err(Refused::Full);
        }
        let mut job = Box::pin(job);
        match job.as_mut().now_or_never() {
            Some(returned) => ended.count(Ok(returned)),
            None => drop(jobs.spawn(job)),
        }
        Ok(())
    }
}
