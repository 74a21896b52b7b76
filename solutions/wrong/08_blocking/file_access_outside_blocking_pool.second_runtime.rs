//! Appends on the workers of a runtime of its own, which are made for tasks that wait.

use std::sync::LazyLock;

use tokio::runtime::{Builder, Runtime};

static WRITERS: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = Builder::new_multi_thread();
    builder
        .worker_threads(1)
        .build()
        .expect("it needs a thread")
});

pub async fn write_log(log_file: &LogFile, mut lines: mpsc::Receiver<String>) -> io::Result<usize> {
    let limit = lines.max_capacity();
    let (mut batch, mut count) = (Vec::new(), 0);
    while lines.recv_many(&mut batch, limit).await > 0 {
        let (log_file, batch) = (log_file.clone(), mem::take(&mut batch));
        count += batch.len();
        let written = WRITERS.spawn(async move { log_file.append(&batch) });
        written.await??;
    }
    Ok(count)
}
