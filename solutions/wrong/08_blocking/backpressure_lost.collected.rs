//! Collects all lines there ever are, and writes them at the end.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let mut all = Vec::new();
    while let Some(line) = lines.recv().await {
        all.push(line);
    }
    let count = all.len();
    if count > 0 {
        let log_file = log_file.clone();
        spawn_blocking(move || log_file.append(&all)).await??;
    }
    Ok(count)
}
