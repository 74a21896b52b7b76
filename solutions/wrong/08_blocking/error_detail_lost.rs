//! Makes an error of its own, which does not say what the disk said.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    while lines.recv_many(&mut batch, limit).await > 0 {
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        count += batch.len();
        let written = spawn_blocking(move || log_file.append(&batch)).await?;
        written.map_err(|_| io::Error::other("could not write the log"))?;
    }
    Ok(count)
}
