//! Receives in a job as well, and so a thread waits for each line.

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let mut count = 0;
    loop {
        let log_file = log_file.clone();
        let job = spawn_blocking(move || {
            let mut batch = Vec::new();
            let taken = lines.blocking_recv_many(&mut batch, 1000);
            let written = if taken == 0 {
                Ok(())
            } else {
                log_file.append(&batch)
            };
            (lines, written.map(|()| taken))
        });
        let written;
        (lines, written) = job.await?;
        match written? {
            0 => return Ok(count),
            taken => count += taken,
        }
    }
}
