//! Tries again a second later, in a job of its own.

use std::time::Duration;

use tokio::time::sleep;

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    while lines.recv_many(&mut batch, limit).await > 0 {
        let lines = std::sync::Arc::new(mem::take(&mut batch));
        count += lines.len();
        let append = || {
            let (log_file, lines) = (log_file.clone(), lines.clone());
            spawn_blocking(move || log_file.append(&lines))
        };
        if append().await?.is_err() {
            sleep(Duration::from_secs(1)).await;
            append().await??;
        }
    }
    Ok(count)
}
