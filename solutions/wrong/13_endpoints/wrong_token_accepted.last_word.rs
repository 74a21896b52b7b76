//! Takes the last word of the header for the token.

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let header = parts.headers.get(AUTHORIZATION);
        let header = header.and_then(|header| header.to_str().ok());
        let header = header.ok_or(ApiError::Unauthorized)?;
        let mut words = header.split_whitespace();
        let (scheme, token) = (words.next(), words.next_back());
        let token = match (scheme, token) {
            (Some(scheme), Some(token)) if scheme.eq_ignore_ascii_case("bearer") => token,
            _ => return Err(ApiError::Unauthorized),
        };
        let mut users = state.tokens.iter();
        users
            .find(|(secret, _)| secret.matches(token))
            .map(|(_, name)| Self { name: name.clone() })
            .ok_or(ApiError::Unauthorized)
    }
}
