//! A queue between reading and writing: what's in it when the Close is read can't be sent any more.

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    let (sender, mut replies) = tokio::sync::mpsc::channel(4);
    let reads = async move {
        while let Some(received) = reader.next().await {
            match received {
                Ok(message @ (Message::Text(_) | Message::Binary(_))) => {
                    sender.send(message).await.ok();
                }
                Ok(_) => {}
                Err(error) => {
                    if let Some(close) = close_after(&error) {
                        sender.send(close).await.ok();
                    }
                }
            }
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
