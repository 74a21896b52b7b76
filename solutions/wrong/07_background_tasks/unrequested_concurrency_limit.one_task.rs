//! Each job holds a lock for as long as it runs, so many tasks run as one.

use tokio::sync::Semaphore;

pub struct Background {
    room: Arc<Semaphore>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Background {
    pub fn new(limit: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(limit)),
            turn: Arc::default(),
        }
    }

    pub fn submit(
        &self,
        job: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Result<(), Refused> {
        let permit = Arc::clone(&self.room).try_acquire_owned();
        let permit = permit.map_err(|_| Refused::Full)?;
        let turn = Arc::clone(&self.turn);
        tokio::spawn(async move {
            let _turn = turn.lock().await;
            let ended = job.await;
            drop(permit);
            ended
        });
        Ok(())
    }

    pub async fn shutdown(&self, _: Duration) -> Report {
        todo!("another task")
    }
}
