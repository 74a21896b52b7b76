//! `str(e)` in Rust: the error of the other service, word by word.

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, error): (StatusCode, String) = match self {
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "a valid token is needed".into()),
            Self::NotFound => (StatusCode::NOT_FOUND, "there is no such thing".into()),
            Self::Conflict => (StatusCode::CONFLICT, "the bank refused".into()),
            Self::Invalid(reason) => (StatusCode::UNPROCESSABLE_ENTITY, reason),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "something broke".into()),
            Self::Timeout => (StatusCode::GATEWAY_TIMEOUT, "it took too long".into()),
            Self::Upstream(error) => (StatusCode::BAD_GATEWAY, error.to_string()),
        };
        let body = Json(serde_json::json!({ "error": error }));
        if status == StatusCode::UNAUTHORIZED {
            return (status, [(WWW_AUTHENTICATE, "Bearer")], body).into_response();
        }
        (status, body).into_response()
    }
}
