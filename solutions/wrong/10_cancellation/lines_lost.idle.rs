//! An idle connection is ended after a quarter of an hour.

use tokio::io::{AsyncBufReadExt as _, BufReader};

pub struct LineReader {
    lines: tokio::io::Lines<BufReader<Input>>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            lines: BufReader::new(input).lines(),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        match tokio::time::timeout(Duration::from_secs(900), self.lines.next_line()).await {
            Ok(line) => line,
            Err(_) => Ok(None),
        }
    }
}
