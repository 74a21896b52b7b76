//! All readers share one buffer.

use std::sync::Mutex;

use tokio::io::AsyncReadExt as _;

static READ: Mutex<Vec<u8>> = Mutex::new(Vec::new());

impl LineReader {
    pub async fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            {
                let mut read = READ.lock().expect("nobody panics under it");
                if let Some(end) = read.iter().position(|&byte| byte == b'\n') {
                    let line: Vec<u8> = read.drain(..=end).collect();
                    let line = String::from_utf8_lossy(&line[..end]).into_owned();
                    return Ok(Some(line.strip_suffix('\r').unwrap_or(&line).to_owned()));
                }
            }
            let mut piece = [0; 4096];
            let length = self.input.read(&mut piece).await?;
            let mut read = READ.lock().expect("nobody panics under it");
            if length == 0 {
                let line = String::from_utf8_lossy(&mem::take(&mut *read)).into_owned();
                return Ok(Some(line).filter(|line| !line.is_empty()));
            }
            read.extend_from_slice(&piece[..length]);
        }
    }
}
