//! Unwraps what the peer sent.

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    while let Some(received) = reader.next().await {
        let message = received.unwrap();
        if message.is_text() || message.is_binary() {
            writer.send(message).await.ok();
        }
    }
}
