//! One `select!` over everything, with a `sleep` that starts anew with each message that goes out.

async fn talk(
    hub: &Hub,
    mut member: Member,
    reader: &mut Reader,
    writer: &mut Writer,
    stop: &CancellationToken,
) -> Option<Message> {
    let (moved, mut moves) = tokio::sync::mpsc::unbounded_channel();
    let sends = async {
        let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        loop {
            let message = tokio::select! {
                news = member.next() => {
                    moved.send(()).ok();
                    match news? {
                        News::Text(text) => Message::Text(text),
                        News::Missed(missed) => notice(missed),
                    }
                }
                _ = pings.tick() => Message::Ping(Bytes::new()),
            };
            writer.send(message).await.ok()?;
        }
    };
    let receives = async {
        loop {
            tokio::select! {
                received = reader.next() => match received {
                    Some(Ok(Message::Text(text))) => hub.publish(text),
                    Some(Ok(Message::Close(_))) | None => return None,
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return close_after(&error),
                },
                Some(()) = moves.recv() => {}
                () = tokio::time::sleep(SILENCE) => return Some(close(CloseCode::Away)),
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
