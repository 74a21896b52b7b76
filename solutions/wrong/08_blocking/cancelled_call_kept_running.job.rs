//! A job goes on for as long as there are lines in the channel, and nobody can stop it.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let mut count = 0;
    while let Some(first) = lines.recv().await {
        let log_file = log_file.clone();
        let job = spawn_blocking(move || {
            let mut batch = vec![first];
            let mut count = 0;
            let written = loop {
                while let Ok(line) = lines.try_recv() {
                    batch.push(line);
                }
                if batch.is_empty() {
                    break Ok(count);
                }
                if let Err(error) = log_file.append(&batch) {
                    break Err(error);
                }
                count += batch.len();
                batch.clear();
            };
            (lines, written)
        });
        let written;
        (lines, written) = job.await?;
        count += written?;
    }
    Ok(count)
}
