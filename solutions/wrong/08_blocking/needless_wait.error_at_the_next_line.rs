//! Looks at what became of a job only when the next lines have come.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    let mut written = Ok(());
    while lines.recv_many(&mut batch, limit).await > 0 {
        written?;
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        count += batch.len();
        let job = spawn_blocking(move || log_file.append(&batch));
        written = job.await.expect("the append does not panic");
    }
    written?;
    Ok(count)
}
