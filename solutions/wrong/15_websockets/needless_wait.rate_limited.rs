//! Reads nothing for a while after each message, to slow the peer down.

async fn talk(
    hub: &Hub,
    mut member: Member,
    reader: &mut Reader,
    writer: &mut Writer,
    stop: &CancellationToken,
) -> Option<Message> {
    let sends = async {
        let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        loop {
            let message = tokio::select! {
                news = member.next() => match news? {
                    News::Text(text) => Message::Text(text),
                    News::Missed(missed) => notice(missed),
                },
                _ = pings.tick() => Message::Ping(Bytes::new()),
            };
            writer.send(message).await.ok()?;
        }
    };
    let receives = async {
        loop {
            match timeout(SILENCE, reader.next()).await {
                Ok(Some(Ok(Message::Text(text)))) => {
                    hub.publish(text);
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Ok(Some(Ok(Message::Close(_))) | None) => return None,
                Ok(Some(Ok(_))) => {}
                Ok(Some(Err(error))) => return close_after(&error),
                Err(_silent) => return Some(close(CloseCode::Away)),
            }
        }
    };
    let (sends, receives) = (pin!(sends), pin!(receives));
    tokio::select! {
        last = receives => last,
        last = sends => last,
        () = stop.cancelled() => Some(close(CloseCode::Away)),
    }
}
