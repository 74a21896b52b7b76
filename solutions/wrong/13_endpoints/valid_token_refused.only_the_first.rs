//! Gives up when the first secret isn't it.

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let header = parts.headers.get(AUTHORIZATION);
        let header = header.and_then(|header| header.to_str().ok());
        let token = match header.and_then(|header| header.split_once(' ')) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
            _ => return Err(ApiError::Unauthorized),
        };
        for (secret, name) in state.tokens.iter() {
            if secret.matches(token) {
                return Ok(Self { name: name.clone() });
            }
            return Err(ApiError::Unauthorized);
        }
        Err(ApiError::Unauthorized)
    }
}
