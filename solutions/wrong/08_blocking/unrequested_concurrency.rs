//! Starts a job for whatever comes, and awaits all of them at the end.

use tokio::task::JoinSet;

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    let mut jobs = JoinSet::new();
    while lines.recv_many(&mut batch, limit).await > 0 {
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        count += batch.len();
        jobs.spawn_blocking(move || log_file.append(&batch));
    }
    while let Some(written) = jobs.join_next().await {
        written??;
    }
    Ok(count)
}
