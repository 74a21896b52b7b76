//! Takes a thread only when the first line has come, and then keeps it.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let Some(first) = lines.recv().await else {
        return Ok(0);
    };
    let log_file = log_file.clone();
    let job = spawn_blocking(move || {
        log_file.append(&[first])?;
        let mut count = 1;
        while let Some(line) = lines.blocking_recv() {
            log_file.append(&[line])?;
            count += 1;
        }
        Ok(count)
    });
    job.await?
}
