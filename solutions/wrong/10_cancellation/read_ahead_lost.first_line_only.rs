//! Of what a read has brought, it returns the first line, and forgets the rest.

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
            let end = self.read.iter().position(|&byte| byte == b'\n');
            if ended && self.read.is_empty() {
                return Ok(None);
            }
            if ended || end.is_some() {
                let read = mem::take(&mut self.read);
                let line = String::from_utf8_lossy(&read[..end.unwrap_or(read.len())]);
                return Ok(Some(line.trim_end_matches('\r').to_owned()));
            }
        }
    }
}
