//! `join` puts line breaks between the lines, and none after the last.

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let path = path.to_owned();
    spawn_blocking(move || {
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        file.write_all(lines.join("\n").as_bytes())?;
        Ok(lines.len())
    })
    .await?
}
