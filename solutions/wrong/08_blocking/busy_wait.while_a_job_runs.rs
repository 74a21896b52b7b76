//! Asks over and over whether the job has ended.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    while lines.recv_many(&mut batch, limit).await > 0 {
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        count += batch.len();
        let job = spawn_blocking(move || log_file.append(&batch));
        while !job.is_finished() {
            yield_now().await;
        }
        job.await??;
    }
    Ok(count)
}
