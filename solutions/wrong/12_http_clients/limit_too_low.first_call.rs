//! Keeps a semaphore in `Api`, with the limit of the first call.

use std::sync::OnceLock;

use futures::future::join_all;
use tokio::sync::Semaphore;

pub struct Api {
    client: Client,
    base: String,
    timeout: Duration,
    free: OnceLock<Semaphore>,
}

impl Api {
    pub fn new(base: &str, timeout: Duration) -> Self {
        let client = client_builder().build();
        Self {
            client: client.expect("a client can be made"),
            base: base.to_owned(),
            timeout,
            free: OnceLock::new(),
        }
    }

    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        match timeout(self.timeout, user_in(request)).await {
            Ok(user) => user.map_err(|failed| failed.error),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }

    pub async fn create(&self, user: &NewUser, token: &str) -> Result<User, ApiError> {
        let deadline = Instant::now() + self.timeout;
        let key = new_key();
        let mut attempt = 1;
        loop {
            let request = self.client.post(format!("{}/users", self.base));
            let request = request
                .bearer_auth(token)
                .header("Idempotency-Key", &key)
                .json(user);
            let failed = match timeout_at(deadline, user_in(request)).await {
                Ok(Ok(user)) => return Ok(user),
                Ok(Err(failed)) => failed,
                Err(_elapsed) => return Err(ApiError::Timeout),
            };
            match failed.pause() {
                Some(pause) if attempt < ATTEMPTS && pause <= deadline - Instant::now() => {
                    sleep(pause).await;
                }
                _ => return Err(failed.error),
            }
            attempt += 1;
        }
    }

    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let limit = limit.get().min(Semaphore::MAX_PERMITS);
        let free = self.free.get_or_init(|| Semaphore::new(limit));
        let requests = ids.iter().map(|&id| async move {
            let _permit = free.acquire().await.expect("it's never closed");
            self.user(id).await
        });
        join_all(requests).await
    }

    pub async fn export(
        &self,
        sink: &mut (impl AsyncWrite + Send + Unpin),
    ) -> Result<u64, ApiError> {
        let request = self.client.get(format!("{}/export", self.base));
        let Ok(response) = timeout(self.timeout, accepted(request)).await else {
            return Err(ApiError::Timeout);
        };
        let mut response = response.map_err(|failed| failed.error)?;
        let mut count = 0;
        loop {
            let Ok(piece) = timeout(self.timeout, response.chunk()).await else {
                return Err(ApiError::Timeout);
            };
            let Some(piece) = piece? else {
                break;
            };
            sink.write_all(&piece).await.map_err(ApiError::Sink)?;
            count += piece.len() as u64;
        }
        sink.flush().await.map_err(ApiError::Sink)?;
        Ok(count)
    }
}
