//! It takes off the `\n`, and leaves the `\r` before it.

impl LineReader {
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        self.input.read_until(b'\n', &mut self.line).await?;
        let line = mem::take(&mut self.line);
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        Ok(Some(line.strip_suffix('\n').unwrap_or(&line).to_owned()))
    }
}
