//! Unwraps within the job. The `?` outside turns the panic into an error, which says only that there was one.

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let path = path.to_owned();
    let job = spawn_blocking(move || {
        let mut options = OpenOptions::new();
        let mut file = options.append(true).create(true).open(path).unwrap();
        for line in &lines {
            writeln!(file, "{line}").unwrap();
        }
        lines.len()
    });
    Ok(job.await?)
}
