//! A header that isn't there is unwrapped.

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let header = parts.headers.get(AUTHORIZATION).unwrap();
        let header = header.to_str().ok();
        let token = match header.and_then(|header| header.split_once(' ')) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
            _ => return Err(ApiError::Unauthorized),
        };
        let mut users = state.tokens.iter();
        users
            .find(|(secret, _)| secret.matches(token))
            .map(|(_, name)| Self { name: name.clone() })
            .ok_or(ApiError::Unauthorized)
    }
}
