//! `UnexpectedEof` is taken for the end, as `read_u8` says it.

use tokio::io::AsyncReadExt as _;

pub struct LineReader {
    input: Input,
    read: Vec<u8>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            input,
            read: Vec::new(),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.read.drain(..=end).collect();
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
            }
            match self.input.read_buf(&mut self.read).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
                Err(error) => return Err(error),
            }
        }
        let rest = std::mem::take(&mut self.read);
        Ok((!rest.is_empty()).then(|| String::from_utf8_lossy(&rest).into_owned()))
    }
}
