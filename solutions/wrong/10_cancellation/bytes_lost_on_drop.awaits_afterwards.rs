//! It reads into its field, takes the line out, and then awaits once more: dropped there, the line is gone.

impl LineReader {
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        self.input.read_until(b'\n', &mut self.line).await?;
        let line = mem::take(&mut self.line);
        // Lets others run, too.
        tokio::task::yield_now().await;
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.strip_suffix('\n').unwrap_or(&line);
        Ok(Some(line.strip_suffix('\r').unwrap_or(line).to_owned()))
    }
}
