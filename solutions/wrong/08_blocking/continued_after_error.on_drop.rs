//! A guard writes what is left in the channel, after an error too.

struct Rest {
    log_file: LogFile,
    lines: mpsc::Receiver<String>,
}

impl Drop for Rest {
    fn drop(&mut self) {
        let mut batch = Vec::new();
        while let Ok(line) = self.lines.try_recv() {
            batch.push(line);
        }
        if !batch.is_empty() {
            let log_file = self.log_file.clone();
            drop(spawn_blocking(move || log_file.append(&batch)));
        }
    }
}

pub async fn write_log(log_file: &LogFile, lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let (limit, mut count) = (lines.max_capacity(), 0);
    let mut rest = Rest {
        log_file: log_file.clone(),
        lines,
    };
    let mut batch = Vec::new();
    while rest.lines.recv_many(&mut batch, limit).await > 0 {
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        count += batch.len();
        spawn_blocking(move || log_file.append(&batch)).await??;
    }
    Ok(count)
}
