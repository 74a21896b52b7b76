//! Receives while the job runs, into a vector without a bound.

use tokio::select;

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut waiting, mut count) = (Vec::new(), 0);
    let mut open = lines.recv_many(&mut waiting, limit).await > 0;
    while !waiting.is_empty() {
        let (log_file, batch) = (log_file.clone(), mem::take(&mut waiting));
        count += batch.len();
        let mut job = spawn_blocking(move || log_file.append(&batch));
        loop {
            select! {
                written = &mut job => {
                    written??;
                    break;
                }
                taken = lines.recv_many(&mut waiting, limit), if open => open = taken > 0,
            }
        }
        if open && waiting.is_empty() {
            open = lines.recv_many(&mut waiting, limit).await > 0;
        }
    }
    Ok(count)
}
