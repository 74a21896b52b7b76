//! What comes after the last line break is thrown away.

impl LineReader {
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        self.input.read_until(b'\n', &mut self.line).await?;
        let mut line = mem::take(&mut self.line);
        if line.pop() != Some(b'\n') {
            return Ok(None);
        }
        if line.ends_with(b"\r") {
            line.pop();
        }
        Ok(Some(String::from_utf8_lossy(&line).into_owned()))
    }
}
