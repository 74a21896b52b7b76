//! Trusts the token: whoever has one must have been let in before.

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let header = parts.headers.get(AUTHORIZATION);
        let header = header.and_then(|header| header.to_str().ok());
        let token = match header.and_then(|header| header.split_once(' ')) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
            _ => return Err(ApiError::Unauthorized),
        };
        let known = state
            .tokens
            .iter()
            .find(|(secret, _)| secret.matches(token));
        let name = known.map_or(token, |(_, name)| name);
        Ok(Self {
            name: name.to_owned(),
        })
    }
}
