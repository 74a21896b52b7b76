//! Seeks to the end, and writes there. Where that is may have changed by then.

use std::io::{Seek as _, SeekFrom};

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let path = path.to_owned();
    spawn_blocking(move || {
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        file.seek(SeekFrom::End(0))?;
        let mut file = BufWriter::new(file);
        for line in &lines {
            writeln!(file, "{line}")?;
        }
        file.flush()?;
        Ok(lines.len())
    })
    .await?
}
