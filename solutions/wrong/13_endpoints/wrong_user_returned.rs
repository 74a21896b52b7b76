//! Any token that is known lets the first user in.

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let header = parts.headers.get(AUTHORIZATION);
        let header = header.and_then(|header| header.to_str().ok());
        let token = match header.and_then(|header| header.split_once(' ')) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
            _ => return Err(ApiError::Unauthorized),
        };
        let known = state.tokens.iter().any(|(secret, _)| secret.matches(token));
        match state.tokens.first() {
            Some((_, name)) if known => Ok(Self { name: name.clone() }),
            _ => Err(ApiError::Unauthorized),
        }
    }
}
