//! Relies on a default time limit, which reqwest does not have.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        user_in(request).await.map_err(|failed| failed.error)
    }
}
