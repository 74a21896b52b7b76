//! A job for each line, all at the same time, so that their order is left to luck as well.

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let jobs = lines.into_iter().map(|line| {
        let path = path.to_owned();
        spawn_blocking(move || {
            let mut file = OpenOptions::new().append(true).create(true).open(path)?;
            writeln!(file, "{line}")
        })
    });
    let jobs: Vec<_> = jobs.collect();
    let count = jobs.len();
    for job in jobs {
        job.await??;
    }
    Ok(count)
}
