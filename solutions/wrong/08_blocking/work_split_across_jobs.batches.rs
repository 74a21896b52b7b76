//! A job for every hundred lines.

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    for batch in lines.chunks(100) {
        let (path, batch) = (path.to_owned(), batch.to_vec());
        let job = spawn_blocking(move || {
            let mut file = OpenOptions::new().append(true).create(true).open(path)?;
            for line in &batch {
                writeln!(file, "{line}")?;
            }
            io::Result::Ok(())
        });
        job.await??;
    }
    Ok(lines.len())
}
