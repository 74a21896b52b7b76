//! The line so far is in a variable of the future, and gone when that is dropped.

use tokio::io::AsyncBufReadExt as _;

impl LineReader {
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        if self.input.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        if line.ends_with('\n') {
            line.pop();
            if line.ends_with('\r') {
                line.pop();
            }
        }
        Ok(Some(line))
    }
}
