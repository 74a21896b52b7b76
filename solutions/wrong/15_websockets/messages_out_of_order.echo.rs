//! Takes what's there, and sends the last of it first.

use futures::FutureExt as _;

pub async fn echo(mut reader: Reader, mut writer: Writer) {
    while let Some(first) = reader.next().await {
        let mut batch = vec![first];
        while let Some(Some(next)) = reader.next().now_or_never() {
            batch.push(next);
        }
        while let Some(received) = batch.pop() {
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
    }
}
