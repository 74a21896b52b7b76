//! Knows `Bearer`, `bearer` and `BEARER`.

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let header = parts
            .headers
            .get(AUTHORIZATION)
            .ok_or(ApiError::Unauthorized)?;
        let text = header.to_str().map_err(|_| ApiError::Unauthorized)?;
        let token = ["Bearer ", "bearer ", "BEARER "]
            .iter()
            .find_map(|word| text.strip_prefix(word))
            .ok_or(ApiError::Unauthorized)?;
        let found = state
            .tokens
            .iter()
            .find(|(secret, _)| secret.matches(token));
        found
            .map(|(_, name)| Self { name: name.clone() })
            .ok_or(ApiError::Unauthorized)
    }
}
