//! Only the writing is done in the pool. Opening blocks as well.

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    spawn_blocking(move || {
        for line in &lines {
            writeln!(file, "{line}")?;
        }
        Ok(lines.len())
    })
    .await?
}
