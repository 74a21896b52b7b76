//! One job for the batch, and in it an append for each line.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    while lines.recv_many(&mut batch, limit).await > 0 {
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        count += batch.len();
        let job = spawn_blocking(move || {
            batch
                .into_iter()
                .try_for_each(|line| log_file.append(&[line]))
        });
        job.await??;
    }
    Ok(count)
}
