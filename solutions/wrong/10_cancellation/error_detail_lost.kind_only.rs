//! Keeps the kind of the error, and nothing else.

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
        self.lines
            .next_line()
            .await
            .map_err(|error| io::Error::from(error.kind()))
    }
}
