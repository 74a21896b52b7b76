//! One job for the whole log. It waits for lines as well, and keeps its thread while there is none.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let log_file = log_file.clone();
    let job = spawn_blocking(move || {
        let (mut batch, mut count) = (Vec::new(), 0);
        while lines.blocking_recv_many(&mut batch, 1000) > 0 {
            count += batch.len();
            log_file.append(&batch)?;
            batch.clear();
        }
        Ok(count)
    });
    job.await?
}
