//! Awaits a line to learn that there are some, and forgets to write it.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let (limit, mut count) = (lines.max_capacity(), 0);
    while lines.recv().await.is_some() {
        let mut batch = Vec::new();
        count += 1;
        if lines.is_empty() {
            continue;
        }
        count += lines.recv_many(&mut batch, limit).await;
        let log_file = log_file.clone();
        spawn_blocking(move || log_file.append(&batch)).await??;
    }
    Ok(count)
}
