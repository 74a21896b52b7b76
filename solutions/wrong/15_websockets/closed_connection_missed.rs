//! Waits for the peer that has gone.

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    loop {
        let reply = match reader.next().await {
            Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) => message,
            Some(Ok(_)) => continue,
            Some(Err(error)) => match close_after(&error) {
                Some(close) => close,
                None => continue,
            },
            None => {
                // Perhaps there will be more.
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
        };
        writer.send(reply).await.ok();
    }
}
