//! Each job holds a sender, so the channel should close with the last job. But `Background` holds one too, so it never
//! closes.

use tokio::{
    sync::{Semaphore, TryAcquireError, mpsc},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

pub struct Background {
    room: Arc<Semaphore>,
    alive: Mutex<Option<mpsc::Sender<()>>>,
    ended: tokio::sync::Mutex<mpsc::Receiver<()>>,
    abort: CancellationToken,
    report: Arc<Mutex<Report>>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        let (alive, ended) = mpsc::channel(1);
        Self {
            room: Arc::new(Semaphore::new(limit)),
            alive: Mutex::new(Some(alive)),
            ended: tokio::sync::Mutex::new(ended),
            abort: CancellationToken::new(),
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
        let mut job = tokio::spawn(job);
        let (abort, report) = (self.abort.clone(), Arc::clone(&self.report));
        let alive = self.alive.lock().expect("no panic under the lock").clone();
        tokio::spawn(async move {
            let joined = tokio::select! {
                joined = &mut job => joined,
                () = abort.cancelled() => {
                    job.abort();
                    job.await
                }
            };
            report
                .lock()
                .expect("no panic under the lock")
                .count(joined);
            drop((permit, alive));
        });
        Ok(())
    }

    pub async fn shutdown(&self, grace: Duration) -> Report {
        self.room.close();
        let mut ended = self.ended.lock().await;
        let all_ended = timeout(grace, ended.recv()).await;
        if all_ended.is_err() {
            self.abort.cancel();
            self.alive.lock().expect("no panic under the lock").take();
            ended.recv().await;
        }
        *self.report.lock().expect("no panic under the lock")
    }
}
