//! Adds a line break to each line, as `append` does already.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    while lines.recv_many(&mut batch, limit).await > 0 {
        let batch: Vec<String> = batch.drain(..).map(|line| line + "\n").collect();
        let log_file = log_file.clone();
        count += batch.len();
        spawn_blocking(move || log_file.append(&batch)).await??;
    }
    Ok(count)
}
