//! Unwraps what the peer sent.

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
            let message = match timeout(SILENCE, reader.next()).await {
                Ok(Some(received)) => received.unwrap(),
                Ok(None) => return None,
                Err(_silent) => return Some(close(CloseCode::Away)),
            };
            match message {
                Message::Text(text) => hub.publish(text),
                Message::Close(_) => return None,
                _ => {}
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
