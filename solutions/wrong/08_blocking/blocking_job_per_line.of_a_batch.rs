//! Takes all lines at once, and then gives the pool a job for each.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    while lines.recv_many(&mut batch, limit).await > 0 {
        for line in batch.drain(..) {
            let log_file = log_file.clone();
            spawn_blocking(move || log_file.append(&[line])).await??;
            count += 1;
        }
    }
    Ok(count)
}
