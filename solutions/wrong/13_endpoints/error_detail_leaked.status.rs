//! Tells the client the status of the other service.

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, words): (StatusCode, String) = match self {
            Self::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                "a valid token is needed".to_owned(),
            ),
            Self::NotFound => (StatusCode::NOT_FOUND, "there is no such thing".to_owned()),
            Self::Conflict => (StatusCode::CONFLICT, "the bank refused".to_owned()),
            Self::Invalid(reason) => (StatusCode::UNPROCESSABLE_ENTITY, reason),
            Self::Internal(text) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "something broke".to_owned(),
            ),
            Self::Upstream(error) => match &error {
                UpstreamError::Status { status, .. } => (
                    StatusCode::BAD_GATEWAY,
                    format!("another service answered {status}"),
                ),
                UpstreamError::Transport { .. } => {
                    (StatusCode::BAD_GATEWAY, "another service failed".to_owned())
                }
            },
            Self::Timeout => (StatusCode::GATEWAY_TIMEOUT, "it took too long".to_owned()),
        };
        let body = Json(serde_json::json!({ "error": words }));
        if status == StatusCode::UNAUTHORIZED {
            return (status, [(WWW_AUTHENTICATE, "Bearer")], body).into_response();
        }
        (status, body).into_response()
    }
}
