//! Counts everything that goes wrong as failed, even a job that was aborted.

impl Report {
    fn count(&mut self, ended: Result<Result<(), BoxError>, JoinError>) {
        match ended.map_err(JoinError::try_into_panic) {
            Ok(Ok(())) => self.done += 1,
            Err(Ok(_)) => self.panicked += 1,
            Ok(Err(_)) | Err(Err(_)) => self.failed += 1,
        }
    }
}
