//! Tries again at once if the service doesn't say when.

impl Failed {
    /// How long to wait before another attempt. `None` if another attempt is of no use.
    fn pause(&self) -> Option<Duration> {
        match self.error {
            ApiError::Connect
            | ApiError::Interrupted
            | ApiError::Status {
                code: 429 | 503, ..
            } => Some(self.retry_after.unwrap_or_default()),
            _ => None,
        }
    }
}
