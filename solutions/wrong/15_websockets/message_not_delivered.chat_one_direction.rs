//! Listens to the peer first, and sends when it has something to say.

async fn talk(
    hub: &Hub,
    mut member: Member,
    reader: &mut Reader,
    writer: &mut Writer,
    stop: &CancellationToken,
) -> Option<Message> {
    loop {
        let received = tokio::select! {
            received = timeout(SILENCE, reader.next()) => received,
            () = stop.cancelled() => return Some(close(CloseCode::Away)),
        };
        match received {
            Ok(Some(Ok(Message::Text(text)))) => hub.publish(text),
            Ok(Some(Ok(Message::Close(_))) | None) => return None,
            Ok(Some(Ok(_))) => {}
            Ok(Some(Err(error))) => return close_after(&error),
            Err(_silent) => return Some(close(CloseCode::Away)),
        }
        let message = match member.next().await? {
            News::Text(text) => Message::Text(text),
            News::Missed(missed) => notice(missed),
        };
        writer.send(message).await.ok()?;
    }
}
