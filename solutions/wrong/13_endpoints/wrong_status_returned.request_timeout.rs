//! A 408 says that the client was too slow in sending its request.

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, error): (StatusCode, String) = match self {
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "a valid token is needed".into()),
            Self::NotFound => (StatusCode::NOT_FOUND, "there is no such thing".into()),
            Self::Conflict => (StatusCode::CONFLICT, "the bank refused".into()),
            Self::Invalid(reason) => (StatusCode::UNPROCESSABLE_ENTITY, reason),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "something broke".into()),
            Self::Upstream(_) => (StatusCode::BAD_GATEWAY, "another service failed".into()),
            Self::Timeout => (StatusCode::REQUEST_TIMEOUT, "it took too long".into()),
        };
        let body = Json(serde_json::json!({ "error": error }));
        if status == StatusCode::UNAUTHORIZED {
            return (status, [(WWW_AUTHENTICATE, "Bearer")], body).into_response();
        }
        (status, body).into_response()
    }
}
