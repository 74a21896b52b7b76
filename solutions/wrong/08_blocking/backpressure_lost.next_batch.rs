//! Gathers the next batch while the job runs, so twice as many lines wait as the channel has places for.

use tokio::join;

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    let mut more = lines.recv_many(&mut batch, limit).await;
    while more > 0 {
        let (log_file, writing) = (log_file.clone(), mem::take(&mut batch));
        count += writing.len();
        let job = spawn_blocking(move || log_file.append(&writing));
        let written;
        (written, more) = join!(job, async { lines.recv_many(&mut batch, limit).await });
        written??;
    }
    Ok(count)
}
