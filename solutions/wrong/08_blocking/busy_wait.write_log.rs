//! Asks for a line, gives way, and asks again.

use tokio::sync::mpsc::error::TryRecvError;

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let mut count = 0;
    loop {
        let mut batch = Vec::new();
        let closed = loop {
            match lines.try_recv() {
                Ok(line) => batch.push(line),
                Err(error) => break error == TryRecvError::Disconnected,
            }
        };
        if !batch.is_empty() {
            let log_file = log_file.clone();
            count += batch.len();
            spawn_blocking(move || log_file.append(&batch)).await??;
        } else if closed {
            return Ok(count);
        }
        yield_now().await;
    }
}
