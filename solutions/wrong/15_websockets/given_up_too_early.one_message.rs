//! Echoes one message, as if a connection were a request.

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    if let Some(Ok(message)) = reader.next().await {
        writer.send(message).await.ok();
    }
    writer.close().await.ok();
}
