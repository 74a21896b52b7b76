//! A task moves the lines into a channel without a bound.

use tokio_util::task::AbortOnDropHandle;

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let forward = async move {
        while let Some(line) = lines.recv().await {
            if sender.send(line).is_err() {
                break;
            }
        }
    };
    let _forward = AbortOnDropHandle::new(tokio::spawn(forward));
    let (mut batch, mut count) = (Vec::new(), 0);
    while receiver.recv_many(&mut batch, usize::MAX).await > 0 {
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        count += batch.len();
        spawn_blocking(move || log_file.append(&batch)).await??;
    }
    Ok(count)
}
