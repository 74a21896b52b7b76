//! The jobs are futures in a list, which only the shutdown polls. None of them begins before that.

use futures::future::BoxFuture;

pub struct Background {
    limit: usize,
    jobs: Mutex<Option<Vec<BoxFuture<'static, Result<(), BoxError>>>>>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            jobs: Mutex::new(Some(Vec::new())),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let mut jobs = self.jobs.lock().expect("no panic under the lock");
        let jobs = jobs.as_mut().ok_or(Refused::ShuttingDown)?;
        if jobs.len() >= self.limit {
            return Err(Refused::Full);
        }
        jobs.push(Box::pin(job));
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        let deadline = Instant::now() + grace;
        let left = self.jobs.lock().expect("no panic under the lock").take();
        let mut jobs: JoinSet<_> = left.unwrap_or_default().into_iter().collect();
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
