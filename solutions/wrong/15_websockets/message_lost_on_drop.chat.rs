//! Makes taking and sending one arm of a `select!`, which another arm drops halfway.

async fn talk(
    hub: &Hub,
    mut member: Member,
    reader: &mut Reader,
    writer: &mut Writer,
    stop: &CancellationToken,
) -> Option<Message> {
    let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    let mut deadline = Instant::now() + SILENCE;
    loop {
        let send_next = async {
            let message = tokio::select! {
                news = member.next() => match news? {
                    News::Text(text) => Message::Text(text),
                    News::Missed(missed) => notice(missed),
                },
                _ = pings.tick() => Message::Ping(Bytes::new()),
            };
            writer.send(message).await.ok()
        };
        tokio::select! {
            sent = send_next => sent?,
            received = reader.next() => {
                deadline = Instant::now() + SILENCE;
                match received {
                    Some(Ok(Message::Text(text))) => hub.publish(text),
                    Some(Ok(Message::Close(_))) | None => return None,
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return close_after(&error),
                }
            }
            () = tokio::time::sleep_until(deadline) => return Some(close(CloseCode::Away)),
            () = stop.cancelled() => return Some(close(CloseCode::Away)),
        }
    }
}
