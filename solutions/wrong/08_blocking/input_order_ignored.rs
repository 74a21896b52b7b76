//! Takes the lines from the end of the batch.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    while lines.recv_many(&mut batch, limit).await > 0 {
        let (log_file, mut batch) = (log_file.clone(), mem::take(&mut batch));
        let mut ordered = Vec::new();
        while let Some(line) = batch.pop() {
            ordered.push(line);
        }
        count += ordered.len();
        spawn_blocking(move || log_file.append(&ordered)).await??;
    }
    Ok(count)
}
