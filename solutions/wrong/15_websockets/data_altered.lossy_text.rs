//! Makes a text of every message, as well as it can.

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    while let Some(received) = reader.next().await {
        let reply = match received {
            Ok(message @ (Message::Text(_) | Message::Binary(_))) => {
                Message::text(String::from_utf8_lossy(&message.into_data()).into_owned())
            }
            Ok(_) => continue,
            Err(error) => match close_after(&error) {
                Some(close) => close,
                None => return,
            },
        };
        writer.send(reply).await.ok();
    }
}
