//! Gathers lines, and writes them every 100 ms.

use std::time::Duration;

use tokio::{select, time::interval};

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let (mut batch, mut count) = (Vec::new(), 0);
    let mut flush = interval(Duration::from_millis(100));
    let mut open = true;
    while open {
        select! {
            line = lines.recv() => match line {
                Some(line) => {
                    batch.push(line);
                    continue;
                }
                None => open = false,
            },
            _ = flush.tick() => {}
        }
        if !batch.is_empty() {
            let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
            count += batch.len();
            spawn_blocking(move || log_file.append(&batch)).await??;
        }
    }
    Ok(count)
}
