//! Appends on the runtime's thread.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    while lines.recv_many(&mut batch, limit).await > 0 {
        count += batch.len();
        log_file.append(&batch)?;
        batch.clear();
    }
    Ok(count)
}
