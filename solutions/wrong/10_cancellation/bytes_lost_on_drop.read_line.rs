//! The line is in a field, but `read_line` takes its bytes into a future of its own while it reads.

use tokio::io::{AsyncBufReadExt as _, BufReader};

pub struct LineReader {
    input: BufReader<Input>,
    line: String,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            input: BufReader::new(input),
            line: String::new(),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        self.input.read_line(&mut self.line).await?;
        let mut line = mem::take(&mut self.line);
        if line.is_empty() {
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
