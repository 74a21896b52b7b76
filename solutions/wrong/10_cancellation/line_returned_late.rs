//! It reads all of the input before it returns the first line.

use std::collections::VecDeque;

use tokio::io::AsyncReadExt as _;

pub struct LineReader {
    input: Input,
    read: Vec<u8>,
    lines: VecDeque<String>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            input,
            read: Vec::new(),
            lines: VecDeque::new(),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        while self.input.read_buf(&mut self.read).await? > 0 {}
        let text = String::from_utf8_lossy(&self.read);
        self.lines.extend(text.lines().map(str::to_owned));
        self.read.clear();
        Ok(self.lines.pop_front())
    }
}
