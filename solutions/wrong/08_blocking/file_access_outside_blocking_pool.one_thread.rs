//! One thread for the whole log, which waits for lines as well.

use std::thread;

use tokio::sync::oneshot;

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let (sender, receiver) = oneshot::channel();
    let log_file = log_file.clone();
    thread::spawn(move || {
        let mut count = 0;
        let written = loop {
            let Some(first) = lines.blocking_recv() else {
                break Ok(count);
            };
            let mut batch = vec![first];
            while let Ok(line) = lines.try_recv() {
                batch.push(line);
            }
            count += batch.len();
            if let Err(error) = log_file.append(&batch) {
                break Err(error);
            }
        };
        sender.send(written)
    });
    receiver.await.expect("the thread sends its result")
}
