//! Sends texts back, and nothing else.

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    while let Some(received) = reader.next().await {
        let reply = match received {
            Ok(message @ Message::Text(_)) => message,
            Ok(_) => continue,
            Err(error) => match close_after(&error) {
                Some(close) => close,
                None => return,
            },
        };
        writer.send(reply).await.ok();
    }
}
