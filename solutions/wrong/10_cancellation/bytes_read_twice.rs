//! It copies the bytes into its field, awaits, and only then marks them as read.

impl LineReader {
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            let read = self.input.fill_buf().await?;
            let end = read.iter().position(|&byte| byte == b'\n');
            let length = end.map_or(read.len(), |end| end + 1);
            self.line.extend_from_slice(&read[..length]);
            tokio::task::yield_now().await;
            self.input.consume(length);
            if end.is_some() || length == 0 {
                break;
            }
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
