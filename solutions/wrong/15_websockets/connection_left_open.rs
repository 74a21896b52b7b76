//! Leaves the writing half to a task, which keeps the connection open.

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    let (sender, mut replies) = tokio::sync::mpsc::channel(1);
    let keep = sender.clone();
    tokio::spawn(async move {
        let _keep = keep;
        while let Some(message) = replies.recv().await {
            writer.send(message).await.ok();
        }
    });
    while let Some(received) = reader.next().await {
        let reply = match received {
            Ok(message @ (Message::Text(_) | Message::Binary(_))) => message,
            Ok(_) => continue,
            Err(error) => match close_after(&error) {
                Some(close) => close,
                None => return,
            },
        };
        sender.send(reply).await.ok();
        tokio::task::yield_now().await;
    }
}
