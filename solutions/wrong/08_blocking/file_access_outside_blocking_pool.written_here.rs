//! Only the opening is done in the pool. Writing blocks as well.

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let path = path.to_owned();
    let job = spawn_blocking(move || OpenOptions::new().append(true).create(true).open(path));
    let mut file = job.await??;
    for line in &lines {
        writeln!(file, "{line}")?;
    }
    Ok(lines.len())
}
