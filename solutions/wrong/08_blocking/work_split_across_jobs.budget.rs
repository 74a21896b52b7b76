//! Takes lines for as long as the receiver is ready. After 128 in a row, tokio has it give way.

use std::pin::pin;

use futures::{StreamExt as _, stream};

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let bursts = stream::poll_fn(|context| lines.poll_recv(context)).ready_chunks(limit);
    let mut bursts = pin!(bursts);
    let mut count = 0;
    while let Some(burst) = bursts.next().await {
        let log_file = log_file.clone();
        count += burst.len();
        spawn_blocking(move || log_file.append(&burst)).await??;
    }
    Ok(count)
}
