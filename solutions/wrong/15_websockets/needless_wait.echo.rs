//! Rests a moment in each turn.

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    while let Some(received) = reader.next().await {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let reply = match received {
            Ok(message @ (Message::Text(_) | Message::Binary(_))) => message,
            Ok(_) => continue,
            Err(error) => match close_after(&error) {
                Some(close) => close,
                None => return,
            },
        };
        writer.send(reply).await.ok();
    }
}
