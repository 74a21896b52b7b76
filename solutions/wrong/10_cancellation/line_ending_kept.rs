//! The line comes with its line break.

impl LineReader {
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        self.input.read_until(b'\n', &mut self.line).await?;
        let line = mem::take(&mut self.line);
        if line.is_empty() {
            return Ok(None);
        }
        Ok(Some(String::from_utf8_lossy(&line).into_owned()))
    }
}
