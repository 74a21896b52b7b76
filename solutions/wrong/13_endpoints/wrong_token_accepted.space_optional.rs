//! The space may be missing.

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let header = parts
            .headers
            .get(AUTHORIZATION)
            .ok_or(ApiError::Unauthorized)?;
        let text = header.to_str().map_err(|_| ApiError::Unauthorized)?;
        let token = match text.get(..6) {
            Some(word) if word.eq_ignore_ascii_case("bearer") => text[6..].trim_start(),
            _ => return Err(ApiError::Unauthorized),
        };
        let found = state
            .tokens
            .iter()
            .find(|(secret, _)| secret.matches(token));
        found
            .map(|(_, name)| Self { name: name.clone() })
            .ok_or(ApiError::Unauthorized)
    }
}
