//! Waits 10 ms after the first line, in case there are more.

use std::time::Duration;

use tokio::time::sleep;

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let mut count = 0;
    let limit = lines.max_capacity();
    while let Some(first) = lines.recv().await {
        sleep(Duration::from_millis(10)).await;
        let mut batch = vec![first];
        if limit > 1 && !lines.is_empty() {
            lines.recv_many(&mut batch, limit).await;
        }
        count += batch.len();
        let log_file = log_file.clone();
        spawn_blocking(move || log_file.append(&batch)).await??;
    }
    Ok(count)
}
