//! Only connecting has a limit.

impl Api {
    pub fn new(base: &str, timeout: Duration) -> Self {
        let client = client_builder().connect_timeout(timeout).build();
        Self {
            client: client.expect("a client can be made"),
            base: base.to_owned(),
            timeout,
        }
    }

    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        user_in(request).await.map_err(|failed| failed.error)
    }
}
