//! Each call makes a buffer of its own, which reads ahead, and is dropped with what it has read.

use tokio::io::{AsyncBufReadExt as _, BufReader};

pub struct LineReader {
    input: Input,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self { input }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        BufReader::new(&mut self.input).lines().next_line().await
    }
}
