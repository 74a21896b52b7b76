//! Ends without a Close when the peer breaks the rules.

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    while let Some(Ok(message)) = reader.next().await {
        if message.is_text() || message.is_binary() {
            writer.send(message).await.ok();
        }
    }
}
