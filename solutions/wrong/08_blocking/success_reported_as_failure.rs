//! Takes the end of the channel for a failure.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let mut batch = Vec::new();
    loop {
        if lines.recv_many(&mut batch, limit).await == 0 {
            return Err(io::Error::from(io::ErrorKind::BrokenPipe));
        }
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        spawn_blocking(move || log_file.append(&batch)).await??;
    }
}
