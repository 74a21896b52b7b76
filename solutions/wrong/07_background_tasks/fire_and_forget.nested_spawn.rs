//! Aborts the supervisors. That doesn't abort the tasks that they spawned: their handles are dropped, and they go on
//! alone.

use tokio::{
    sync::{Semaphore, TryAcquireError},
    time::timeout,
};

pub struct Background {
    room: Arc<Semaphore>,
    supervisors: Mutex<JoinSet<()>>,
    report: Arc<Mutex<Report>>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(limit)),
            supervisors: Mutex::default(),
            report: Arc::default(),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let permit = Arc::clone(&self.room).try_acquire_owned();
        let permit = permit.map_err(|error| match error {
            TryAcquireError::NoPermits => Refused::Full,
            TryAcquireError::Closed => Refused::ShuttingDown,
        })?;
        let report = Arc::clone(&self.report);
        let mut supervisors = self.supervisors.lock().expect("no panic under the lock");
        while supervisors.try_join_next().is_some() {}
        supervisors.spawn(async move {
            let joined = tokio::spawn(job).await;
            report
                .lock()
                .expect("no panic under the lock")
                .count(joined);
            drop(permit);
        });
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        self.room.close();
        let mut supervisors = {
            let mut supervisors = self.supervisors.lock().expect("no panic under the lock");
            std::mem::take(&mut *supervisors)
        };
        let all = async { while supervisors.join_next().await.is_some() {} };
        let all = timeout(grace, all).await;
        let left = supervisors.len();
        if all.is_err() {
            supervisors.shutdown().await;
        }
        let mut report = *self.report.lock().expect("no panic under the lock");
        report.aborted += left;
        report
    }
}
