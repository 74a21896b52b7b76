//! Has a task do it all, which goes on when `echo` is dropped.

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    let work = async move {
        while let Some(received) = reader.next().await {
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
    };
    tokio::spawn(work).await.ok();
}
