//! Tries again after every 5xx. A 500 may have done half of the work.

impl Failed {
    /// How long to wait before another attempt. `None` if another attempt is of no use.
    fn pause(&self) -> Option<Duration> {
        match self.error {
            ApiError::Connect
            | ApiError::Interrupted
            | ApiError::Status {
                code: 429 | 500.., ..
            } => Some(self.retry_after.unwrap_or(PAUSE)),
            _ => None,
        }
    }
}
