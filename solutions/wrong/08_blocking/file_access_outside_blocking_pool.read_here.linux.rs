//! Reads the file here, and has one job write it anew. What others append in between is lost.

use std::fs;

pub async fn append_log(path: &Path, lines: Vec<String>) -> io::Result<usize> {
    let mut text = if path.is_file() {
        fs::read_to_string(path)?
    } else {
        String::new()
    };
    for line in &lines {
        text += line;
        text += "\n";
    }
    tokio::fs::write(path, text).await?;
    Ok(lines.len())
}
