//! Starts a thread for each batch. The pool keeps its threads, and bounds how many there are.

use std::thread;

use tokio::sync::oneshot;

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    while lines.recv_many(&mut batch, limit).await > 0 {
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        count += batch.len();
        let (sender, receiver) = oneshot::channel();
        thread::spawn(move || sender.send(log_file.append(&batch)));
        receiver.await.expect("the thread sends its result")?;
    }
    Ok(count)
}
