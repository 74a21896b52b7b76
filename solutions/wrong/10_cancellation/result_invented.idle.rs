//! An idle connection is an error after 30 seconds.

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
        match tokio::time::timeout(Duration::from_secs(30), self.lines.next_line()).await {
            Ok(line) => line,
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}
