//! It makes text of each piece, and refuses half a character.

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
            let mut piece = [0; 1024];
            let n = self.input.read(&mut piece).await?;
            if n == 0 {
                let line = mem::take(&mut self.text);
                return Ok(Some(line).filter(|line| !line.is_empty()));
            }
            let text = std::str::from_utf8(&piece[..n])
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            self.text.push_str(text);
        }
    }
}
