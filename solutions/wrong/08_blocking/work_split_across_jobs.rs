//! One write for all lines, but opening is a job of its own.

use tokio::{fs::OpenOptions, io::AsyncWriteExt as _};

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let mut options = OpenOptions::new();
    let mut file = options.append(true).create(true).open(path).await?;
    file.write_all(text.as_bytes()).await?;
    file.flush().await?;
    Ok(lines.len())
}
