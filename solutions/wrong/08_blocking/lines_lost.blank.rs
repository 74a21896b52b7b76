//! Leaves out lines that are empty.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    while lines.recv_many(&mut batch, limit).await > 0 {
        batch.retain(|line| !line.is_empty());
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        count += batch.len();
        spawn_blocking(move || log_file.append(&batch)).await??;
    }
    Ok(count)
}
