//! A lock around the client lets one request through at a time.

use tokio::sync::Mutex;

static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let _guard = ONE_AT_A_TIME.lock().await;
        let request = self.client.get(format!("{}/users/{id}", self.base));
        match timeout(self.timeout, user_in(request)).await {
            Ok(user) => user.map_err(|failed| failed.error),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
