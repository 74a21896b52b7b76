//! It takes the line out of its field before it waits, and puts it nowhere when it is dropped.

impl LineReader {
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        let mut line = mem::take(&mut self.line);
        self.input.read_until(b'\n', &mut line).await?;
        if line.is_empty() {
            return Ok(None);
        }
        if line.ends_with(b"\n") {
            line.pop();
            if line.ends_with(b"\r") {
                line.pop();
            }
        }
        Ok(Some(String::from_utf8_lossy(&line).into_owned()))
    }
}
