//! Asks again if the connection broke.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        let again = self.client.get(format!("{}/users/{id}", self.base));
        let user = async {
            match user_in(request).await {
                Err(failed) if matches!(failed.error, ApiError::Interrupted) => {
                    user_in(again).await
                }
                result => result,
            }
        };
        match timeout(self.timeout, user).await {
            Ok(user) => user.map_err(|failed| failed.error),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
