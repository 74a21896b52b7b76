//! The pool writes, and the `block_on` of another executor keeps this thread until it has.

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let path = path.to_owned();
    let job = spawn_blocking(move || {
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        for line in &lines {
            writeln!(file, "{line}")?;
        }
        Ok(lines.len())
    });
    futures::executor::block_on(job)?
}
