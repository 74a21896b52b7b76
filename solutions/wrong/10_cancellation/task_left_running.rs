//! A task reads, and goes on reading when the reader is gone.

use tokio::io::{AsyncBufReadExt as _, BufReader};

pub struct LineReader {
    lines: Receiver<io::Result<String>>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        let (sender, lines) = tokio::sync::mpsc::channel(1);
        tokio::spawn(async move {
            let mut input = BufReader::new(input).lines();
            while let Some(line) = input.next_line().await.transpose() {
                let is_error = line.is_err();
                if sender.send(line).await.is_err() || is_error {
                    return;
                }
            }
        });
        Self { lines }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        self.lines.recv().await.transpose()
    }
}
