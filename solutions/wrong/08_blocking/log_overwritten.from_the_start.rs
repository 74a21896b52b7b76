//! Opens for writing, at the first byte.

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let path = path.to_owned();
    spawn_blocking(move || {
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        for line in &lines {
            writeln!(file, "{line}")?;
        }
        Ok(lines.len())
    })
    .await?
}
