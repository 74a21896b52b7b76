//! Counts bytes.

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let path = path.to_owned();
    spawn_blocking(move || {
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        for line in &lines {
            writeln!(file, "{line}")?;
        }
        Ok(lines.iter().map(|line| line.len() + 1).sum())
    })
    .await?
}
