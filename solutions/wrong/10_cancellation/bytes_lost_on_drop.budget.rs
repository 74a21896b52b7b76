//! Awaits `consume_budget` between taking the line and returning it.

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
        let line = self.lines.next_line().await?;
        tokio::task::consume_budget().await;
        Ok(line)
    }
}
