//! Remembers in a `static` whose token it was, for all services of the process.

use std::{collections::HashMap, sync::Mutex};

static KNOWN: Mutex<Option<HashMap<String, String>>> = Mutex::new(None);

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let header = parts.headers.get(AUTHORIZATION);
        let header = header.and_then(|header| header.to_str().ok());
        let token = match header.and_then(|header| header.split_once(' ')) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token,
            _ => return Err(ApiError::Unauthorized),
        };
        let mut known = KNOWN.lock().expect("nothing panics under this lock");
        let known = known.get_or_insert_default();
        if let Some(name) = known.get(token) {
            return Ok(Self { name: name.clone() });
        }
        let mut users = state.tokens.iter();
        let (_, name) = users
            .find(|(secret, _)| secret.matches(token))
            .ok_or(ApiError::Unauthorized)?;
        known.insert(token.to_owned(), name.clone());
        Ok(Self { name: name.clone() })
    }
}
