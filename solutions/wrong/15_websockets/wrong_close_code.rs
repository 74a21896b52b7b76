//! Tells a peer that breaks the rules that all is well.

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    while let Some(received) = reader.next().await {
        let reply = match received {
            Ok(message @ (Message::Text(_) | Message::Binary(_))) => message,
            Ok(_) => continue,
            Err(_) => close(CloseCode::Normal),
        };
        writer.send(reply).await.ok();
    }
}
