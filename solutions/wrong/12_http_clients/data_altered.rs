//! Trims the name, which is somebody else's to decide.

impl Api {
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        let user = match timeout(self.timeout, user_in(request)).await {
            Ok(user) => user.map_err(|failed| failed.error)?,
            Err(_elapsed) => return Err(ApiError::Timeout),
        };
        Ok(User {
            name: user.name.trim().to_owned(),
            ..user
        })
    }
}
