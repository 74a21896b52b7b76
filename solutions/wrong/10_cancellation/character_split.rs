//! Each piece becomes text by itself, and half a letter at its end becomes a question mark.

use tokio::io::AsyncReadExt as _;

pub struct LineReader {
    input: Input,
    text: String,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            input,
            text: String::new(),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some((line, rest)) = self.text.split_once('\n') {
                let line = line.strip_suffix('\r').unwrap_or(line).to_owned();
                self.text = rest.to_owned();
                return Ok(Some(line));
            }
            let mut buffer = vec![0; 4096];
            let length = self.input.read(&mut buffer).await?;
            if length == 0 {
                let line = mem::take(&mut self.text);
                return Ok(Some(line).filter(|line| !line.is_empty()));
            }
            self.text += &String::from_utf8_lossy(&buffer[..length]);
        }
    }
}
