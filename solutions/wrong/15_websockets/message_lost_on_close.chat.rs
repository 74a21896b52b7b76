//! What has been read waits in a queue, which is dropped when the reader ends.

async fn talk(
    hub: &Hub,
    mut member: Member,
    reader: &mut Reader,
    writer: &mut Writer,
    stop: &CancellationToken,
) -> Option<Message> {
    let (heard, mut said) = tokio::sync::mpsc::channel::<Utf8Bytes>(16);
    let publishes = async {
        while let Some(text) = said.recv().await {
            hub.publish(text);
        }
        std::future::pending::<Option<Message>>().await
    };
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
                Ok(Some(Ok(Message::Text(text)))) => heard.send(text).await.ok()?,
                Ok(Some(Ok(Message::Close(_))) | None) => return None,
                Ok(Some(Ok(_))) => {}
                Ok(Some(Err(error))) => return close_after(&error),
                Err(_silent) => return Some(close(CloseCode::Away)),
            }
        }
    };
    let (sends, receives, publishes) = (pin!(sends), pin!(receives), pin!(publishes));
    tokio::select! {
        biased;
        last = receives => last,
        last = sends => last,
        last = publishes => last,
        () = stop.cancelled() => Some(close(CloseCode::Away)),
    }
}
