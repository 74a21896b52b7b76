//! Waits for each job before it starts the next, and for the last one not at all.

use tokio::task::JoinHandle;

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    let mut running: Option<JoinHandle<io::Result<()>>> = None;
    loop {
        // Only while there is more to come.
        if !(lines.is_closed() && lines.is_empty())
            && let Some(job) = running.take()
        {
            job.await??;
        }
        if lines.recv_many(&mut batch, limit).await == 0 {
            return Ok(count);
        }
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        count += batch.len();
        running = Some(spawn_blocking(move || log_file.append(&batch)));
    }
}
