//! `block_in_place` panics on a runtime with one thread.

use tokio::task::block_in_place;

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    while lines.recv_many(&mut batch, limit).await > 0 {
        count += batch.len();
        block_in_place(|| log_file.append(&batch))?;
        batch.clear();
    }
    Ok(count)
}
