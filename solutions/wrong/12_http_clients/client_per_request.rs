//! Each call makes a client, and throws it away with its connection.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let client = client_builder().build().expect("a client can be made");
        let request = client.get(format!("{}/users/{id}", self.base));
        match timeout(self.timeout, user_in(request)).await {
            Ok(user) => user.map_err(|failed| failed.error),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
