//! Waits until a hundred lines have come, or the log ends.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let (mut batch, mut count) = (Vec::new(), 0);
    let mut open = true;
    while open {
        open = lines.recv_many(&mut batch, 100).await > 0;
        if batch.len() >= 100 || (!open && !batch.is_empty()) {
            let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
            count += batch.len();
            spawn_blocking(move || log_file.append(&batch)).await??;
        }
    }
    Ok(count)
}
