//! Two lines to a job.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let mut count = 0;
    while let Some(first) = lines.recv().await {
        let mut batch = vec![first];
        batch.extend(lines.try_recv());
        count += batch.len();
        let log_file = log_file.clone();
        spawn_blocking(move || log_file.append(&batch)).await??;
    }
    Ok(count)
}
