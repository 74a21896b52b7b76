//! It takes the line break off first, and then takes an empty line for the end.

impl LineReader {
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        self.input.read_until(b'\n', &mut self.line).await?;
        let line = String::from_utf8_lossy(&mem::take(&mut self.line)).into_owned();
        let line = line.strip_suffix('\n').unwrap_or(&line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.is_empty() {
            return Ok(None);
        }
        Ok(Some(line.to_owned()))
    }
}
