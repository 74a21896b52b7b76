//! Ends each connection after the time of silence, whatever came.

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
            match reader.next().await {
                Some(Ok(Message::Text(text))) => hub.publish(text),
                Some(Ok(Message::Close(_))) | None => return None,
                Some(Ok(_)) => {}
                Some(Err(error)) => return close_after(&error),
            }
        }
    };
    let receives = async {
        let ended = timeout(SILENCE, receives).await;
        ended.unwrap_or(Some(close(CloseCode::Away)))
    };
    let (sends, receives) = (pin!(sends), pin!(receives));
    tokio::select! {
        last = receives => last,
        last = sends => last,
        () = stop.cancelled() => Some(close(CloseCode::Away)),
    }
}
