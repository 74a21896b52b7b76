//! One job waits while `tokio::fs` hands its operations to others.

use tokio::{fs::OpenOptions, io::AsyncWriteExt as _, runtime::Handle};

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let path = path.to_owned();
    let write = async move {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let mut options = OpenOptions::new();
        let mut file = options.append(true).create(true).open(path).await?;
        file.write_all(text.as_bytes()).await?;
        file.flush().await?;
        Ok(lines.len())
    };
    spawn_blocking(move || Handle::current().block_on(write)).await?
}
