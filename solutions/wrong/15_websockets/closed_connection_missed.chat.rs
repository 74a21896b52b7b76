//! Waits for both directions to end, where the first should end the other.

async fn talk(
    hub: &Hub,
    mut member: Member,
    reader: &mut Reader,
    writer: &mut Writer,
    stop: &CancellationToken,
) -> Option<Message> {
    let receives = async {
        loop {
            match timeout(SILENCE, reader.next()).await {
                Ok(Some(Ok(Message::Text(text)))) => hub.publish(text),
                Ok(Some(Ok(Message::Close(_))) | None) => return None,
                Ok(Some(Ok(_))) => {}
                Ok(Some(Err(error))) => return close_after(&error),
                Err(_silent) => return Some(close(CloseCode::Away)),
            }
        }
    };
    let both = async { tokio::join!(receives, send_all(&mut member, writer)) };
    tokio::select! {
        (last, _) = both => last,
        () = stop.cancelled() => Some(close(CloseCode::Away)),
    }
}

async fn send_all(member: &mut Member, writer: &mut Writer) -> Option<()> {
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
}
