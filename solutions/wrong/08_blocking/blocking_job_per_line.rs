//! Takes `tokio::fs` for file access without threads. Opening is a job for the blocking pool, and so
//! is each write.

use tokio::{fs::OpenOptions, io::AsyncWriteExt as _};

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let mut options = OpenOptions::new();
    let mut file = options.append(true).create(true).open(path).await?;
    for line in &lines {
        file.write_all(format!("{line}\n").as_bytes()).await?;
    }
    file.flush().await?;
    Ok(lines.len())
}
