//! Goes to the pool and back for each line.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let mut count = 0;
    while let Some(line) = lines.recv().await {
        let log_file = log_file.clone();
        spawn_blocking(move || log_file.append(&[line])).await??;
        count += 1;
    }
    Ok(count)
}
