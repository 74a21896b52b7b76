//! It removes every `\r`, and not only the one before the `\n`.

impl LineReader {
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        self.input.read_until(b'\n', &mut self.line).await?;
        let line = mem::take(&mut self.line);
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8(line).unwrap();
        Ok(Some(line.replace(['\n', '\r'], "")))
    }
}
