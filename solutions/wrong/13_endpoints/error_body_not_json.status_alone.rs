//! There are no words: the status has to say it all.

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, error): (StatusCode, String) = match self {
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "a valid token is needed".into()),
            Self::NotFound => (StatusCode::NOT_FOUND, "there is no such thing".into()),
            Self::Conflict => (StatusCode::CONFLICT, "the bank refused".into()),
            Self::Invalid(reason) => (StatusCode::UNPROCESSABLE_ENTITY, reason),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "something broke".into()),
            Self::Upstream(_) => (StatusCode::BAD_GATEWAY, "another service failed".into()),
            Self::Timeout => (StatusCode::GATEWAY_TIMEOUT, "it took too long".into()),
        };
        let _ = error;
        if status == StatusCode::UNAUTHORIZED {
            return (status, [(WWW_AUTHENTICATE, "Bearer")]).into_response();
        }
        status.into_response()
    }
}
