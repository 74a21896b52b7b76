//! Says on the terminal that the log has failed, and returns as if it had ended.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    while lines.recv_many(&mut batch, limit).await > 0 {
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        let taken = batch.len();
        if let Err(error) = spawn_blocking(move || log_file.append(&batch)).await? {
            eprintln!("the log has failed: {error}");
            break;
        }
        count += taken;
    }
    Ok(count)
}
