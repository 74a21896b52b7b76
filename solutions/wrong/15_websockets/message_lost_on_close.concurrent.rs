//! Sends up to eight messages back at a time, and reads on meanwhile.

pub async fn echo(reader: Reader, writer: Writer) {
    let writer = Arc::new(tokio::sync::Mutex::new(writer));
    reader
        .for_each_concurrent(8, |received| {
            let writer = Arc::clone(&writer);
            async move {
                match received {
                    Ok(message @ (Message::Text(_) | Message::Binary(_))) => {
                        writer.lock().await.send(message).await.ok();
                    }
                    Ok(_) => {}
                    Err(error) => {
                        if let Some(close) = close_after(&error) {
                            writer.lock().await.send(close).await.ok();
                        }
                    }
                }
            }
        })
        .await;
}
