//! Asks every 10 ms whether the job has ended.

use std::time::Duration;

use tokio::time::sleep;

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    while lines.recv_many(&mut batch, limit).await > 0 {
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        count += batch.len();
        let job = spawn_blocking(move || log_file.append(&batch));
        while !job.is_finished() {
            sleep(Duration::from_millis(10)).await;
        }
        job.await??;
    }
    Ok(count)
}
