//! Gives up a `send` that waits for room.

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    while let Some(received) = reader.next().await {
        let reply = match received {
            Ok(message @ (Message::Text(_) | Message::Binary(_))) => message,
            Ok(_) => continue,
            Err(error) => match close_after(&error) {
                Some(close) => close,
                None => return,
            },
        };
        let sent = timeout(Duration::from_secs(5), writer.send(reply));
        if sent.await.is_err() {
            return;
        }
    }
}
