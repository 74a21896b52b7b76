//! Looks on the runtime's thread whether there is a file, which waits for the disk like any other access.

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let missing = !path.exists();
    let path = path.to_owned();
    spawn_blocking(move || {
        let mut options = OpenOptions::new();
        let file = options.append(true).create(true).open(path)?;
        let mut file = BufWriter::new(file);
        if missing {
            // A line for whoever watches the program; the log itself has none.
            eprintln!("a new log");
        }
        for line in &lines {
            writeln!(file, "{line}")?;
        }
        file.flush()?;
        Ok(lines.len())
    })
    .await?
}
