//! It takes a read of 0 bytes for the end, though dropped calls have left a line in the field.

impl LineReader {
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        let n = self.input.read_until(b'\n', &mut self.line).await?;
        if n == 0 {
            return Ok(None);
        }
        let mut line = mem::take(&mut self.line);
        if line.ends_with(b"\n") {
            line.pop();
            if line.ends_with(b"\r") {
                line.pop();
            }
        }
        Ok(Some(String::from_utf8(line).unwrap()))
    }
}
