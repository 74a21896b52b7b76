//! An error ends the input as if all had been said.

impl LineReader {
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        if self.input.read_until(b'\n', &mut self.line).await.is_err() {
            return Ok(None);
        }
        let line = mem::take(&mut self.line);
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.strip_suffix('\n').unwrap_or(&line);
        Ok(Some(line.strip_suffix('\r').unwrap_or(line).to_owned()))
    }
}
