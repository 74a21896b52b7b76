//! What one read brings is returned as a line.

use tokio::io::AsyncReadExt as _;

impl LineReader {
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        let mut buffer = vec![0; 64 * 1024];
        let length = self.input.read(&mut buffer).await?;
        if length == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&buffer[..length]);
        let line = line.strip_suffix('\n').unwrap_or(&line);
        Ok(Some(line.strip_suffix('\r').unwrap_or(line).to_owned()))
    }
}
