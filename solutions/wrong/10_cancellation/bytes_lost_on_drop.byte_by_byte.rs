//! Each byte is read with a call that is cancel safe, into a vector that isn't kept.

use tokio::io::AsyncReadExt as _;

impl LineReader {
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        loop {
            let mut byte = [0];
            if self.input.read(&mut byte).await? == 0 {
                if line.is_empty() {
                    return Ok(None);
                }
                break;
            }
            if byte[0] == b'\n' {
                if line.ends_with(b"\r") {
                    line.pop();
                }
                break;
            }
            line.push(byte[0]);
        }
        Ok(Some(String::from_utf8_lossy(&line).into_owned()))
    }
}
