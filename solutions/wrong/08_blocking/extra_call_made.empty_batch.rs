//! Gives the pool one more job at the end, without a line in it.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    loop {
        let taken = lines.recv_many(&mut batch, limit).await;
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        spawn_blocking(move || log_file.append(&batch)).await??;
        if taken == 0 {
            return Ok(count);
        }
        count += taken;
    }
}
