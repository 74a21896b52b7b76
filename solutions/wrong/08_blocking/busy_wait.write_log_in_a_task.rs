//! Asks over and over, in a task of its own.

use tokio_util::task::AbortOnDropHandle;

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let log_file = log_file.clone();
    let task = tokio::spawn(async move {
        let mut count = 0;
        while !(lines.is_closed() && lines.is_empty()) {
            let mut batch = Vec::new();
            while let Ok(line) = lines.try_recv() {
                batch.push(line);
            }
            if !batch.is_empty() {
                let log_file = log_file.clone();
                count += batch.len();
                spawn_blocking(move || log_file.append(&batch)).await??;
            }
            yield_now().await;
        }
        Ok(count)
    });
    AbortOnDropHandle::new(task).await?
}
