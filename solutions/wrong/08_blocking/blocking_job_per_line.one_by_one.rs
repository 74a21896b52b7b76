//! Goes to the pool and back for each line.

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let count = lines.len();
    for line in lines {
        let path = path.to_owned();
        let job = spawn_blocking(move || {
            let mut file = OpenOptions::new().append(true).create(true).open(path)?;
            writeln!(file, "{line}")
        });
        job.await??;
    }
    Ok(count)
}
