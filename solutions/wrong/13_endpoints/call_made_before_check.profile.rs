//! Reads the user's page, which the handler may need.

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let header = parts.headers.get(AUTHORIZATION);
        let header = header.and_then(|header| header.to_str().ok());
        let token = match header.and_then(|header| header.split_once(' ')) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
            _ => return Err(ApiError::Unauthorized),
        };
        let mut users = state.tokens.iter();
        let found = users.find(|(secret, _)| secret.matches(token));
        let (_, name) = found.ok_or(ApiError::Unauthorized)?;
        state.upstream.get(&format!("users/{name}")).await?;
        Ok(Self { name: name.clone() })
    }
}
