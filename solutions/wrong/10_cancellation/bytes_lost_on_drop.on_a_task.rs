//! A task for each call reads on when the call is dropped, and nobody gets its line.

use std::sync::Arc;

pub struct LineReader {
    shared: Arc<tokio::sync::Mutex<(BufReader<Input>, Vec<u8>)>>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            shared: Arc::new(tokio::sync::Mutex::new((BufReader::new(input), Vec::new()))),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        let shared = self.shared.clone();
        tokio::spawn(async move {
            let mut guard = shared.lock().await;
            let (input, line) = &mut *guard;
            input.read_until(b'\n', line).await?;
            let mut line = mem::take(line);
            if line.is_empty() {
                return Ok(None);
            }
            if line.ends_with(b"\n") {
                line.pop();
                if line.ends_with(b"\r") {
                    line.pop();
                }
            }
            Ok(Some(String::from_utf8(line).unwrap()))
        })
        .await
        .unwrap()
    }
}
