//! Trims the text, as a line that was typed.

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    while let Some(received) = reader.next().await {
        let reply = match received {
            Ok(Message::Text(text)) => Message::text(text.trim().to_owned()),
            Ok(message @ Message::Binary(_)) => message,
            Ok(_) => continue,
            Err(error) => match close_after(&error) {
                Some(close) => close,
                None => return,
            },
        };
        writer.send(reply).await.ok();
    }
}
