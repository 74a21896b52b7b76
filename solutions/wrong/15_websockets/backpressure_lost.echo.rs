//! Reads on while messages wait to be sent back, without a bound.

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    let (sender, mut replies) = tokio::sync::mpsc::unbounded_channel();
    let reads = async move {
        while let Some(received) = reader.next().await {
            match received {
                Ok(message @ (Message::Text(_) | Message::Binary(_))) => {
                    sender.send(message).ok();
                }
                Ok(_) => {}
                Err(error) => {
                    if let Some(close) = close_after(&error) {
                        sender.send(close).ok();
                    }
                }
            }
            // The writer has its turn before the next one is read.
            tokio::task::yield_now().await;
        }
    };
    let writes = async move {
        while let Some(message) = replies.recv().await {
            if writer.send(message).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(reads, writes);
}
