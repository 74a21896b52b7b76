//! Leaves the log to a task that nobody awaits.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let log_file = log_file.clone();
    drop(tokio::spawn(async move {
        let (mut batch, mut count) = (Vec::new(), 0);
        while lines.recv_many(&mut batch, 1000).await > 0 {
            let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
            count += batch.len();
            spawn_blocking(move || log_file.append(&batch)).await??;
        }
        io::Result::Ok(count)
    }));
    Ok(0)
}
