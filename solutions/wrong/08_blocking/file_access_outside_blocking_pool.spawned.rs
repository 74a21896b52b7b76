//! A task of its own writes, on the runtime's thread.

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let path = path.to_owned();
    let task = tokio::spawn(async move {
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        for line in &lines {
            writeln!(file, "{line}")?;
        }
        Ok(lines.len())
    });
    task.await?
}
