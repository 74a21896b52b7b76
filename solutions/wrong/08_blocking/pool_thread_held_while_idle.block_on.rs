//! A job that awaits lines with `block_on`: its thread waits all the same.

use tokio::runtime::Handle;

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let log_file = log_file.clone();
    let written = async move {
        let limit = lines.max_capacity();
        let (mut batch, mut count) = (Vec::new(), 0);
        while lines.recv_many(&mut batch, limit).await > 0 {
            count += batch.len();
            log_file.append(&batch)?;
            batch.clear();
        }
        Ok(count)
    };
    spawn_blocking(move || Handle::current().block_on(written)).await?
}
