//! Each call empties the buffer first, and the bytes that a dropped call has put there.

impl LineReader {
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        self.line.clear();
        if self.input.read_until(b'\n', &mut self.line).await? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&self.line);
        let line = line.strip_suffix('\n').unwrap_or(&line);
        Ok(Some(line.strip_suffix('\r').unwrap_or(line).to_owned()))
    }
}
