//! Spawns a task for each message that goes back.

pub async fn echo(mut reader: Reader, writer: Writer) {
    let writer = Arc::new(tokio::sync::Mutex::new(writer));
    let mut replies = tokio::task::JoinSet::new();
    while let Some(received) = reader.next().await {
        let reply = match received {
            Ok(message @ (Message::Text(_) | Message::Binary(_))) => message,
            Ok(_) => continue,
            Err(error) => match close_after(&error) {
                Some(close) => close,
                None => break,
            },
        };
        let writer = Arc::clone(&writer);
        replies.spawn(async move { writer.lock().await.send(reply).await.ok() });
        tokio::task::yield_now().await;
    }
    if reader.next().await.is_none() {
        while replies.join_next().await.is_some() {}
    }
}
