//! Takes the first message that isn't a text for the end.

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    loop {
        let reply = match reader.next().await {
            Some(Ok(message @ Message::Text(_))) => message,
            Some(Err(error)) => match close_after(&error) {
                Some(close) => close,
                None => return,
            },
            Some(Ok(Message::Close(_))) => continue,
            _ => return,
        };
        writer.send(reply).await.ok();
    }
}
