//! Takes the token in any case, as it does the word.

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let header = parts.headers.get(AUTHORIZATION);
        let header = header.and_then(|header| header.to_str().ok());
        let header = header.map(str::to_lowercase);
        let header = header.as_deref();
        let token = header
            .and_then(|header| header.strip_prefix("bearer "))
            .ok_or(ApiError::Unauthorized)?;
        let mut users = state.tokens.iter();
        users
            .find(|(secret, _)| secret.matches(token))
            .map(|(_, name)| Self { name: name.clone() })
            .ok_or(ApiError::Unauthorized)
    }
}
