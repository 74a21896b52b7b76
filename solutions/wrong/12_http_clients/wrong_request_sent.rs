//! `Url::join` replaces the path of the base, and does not add to it.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let base = reqwest::Url::parse(&self.base).expect("the base is a URL");
        let url = base
            .join(&format!("/users/{id}"))
            .expect("the path is sound");
        let request = self.client.get(url);
        match timeout(self.timeout, user_in(request)).await {
            Ok(user) => user.map_err(|failed| failed.error),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }
}
