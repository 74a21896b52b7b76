//! It reads once more before it looks for a line that it has already.

use tokio::io::AsyncReadExt as _;

pub struct LineReader {
    input: Input,
    read: Vec<u8>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            input,
            read: Vec::new(),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            let ended = self.input.read_buf(&mut self.read).await? == 0;
            if let Some(end) = self.read.iter().position(|&byte| byte == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                let line = String::from_utf8_lossy(&line[..end]).into_owned();
                return Ok(Some(line.strip_suffix('\r').unwrap_or(&line).to_owned()));
            }
            if ended {
                let line = String::from_utf8_lossy(&mem::take(&mut self.read)).into_owned();
                return Ok(Some(line).filter(|line| !line.is_empty()));
            }
        }
    }
}
