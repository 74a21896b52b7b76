//! Puts what the hub gives into a queue without a bound, for a task that sends.

use tokio::sync::mpsc;

async fn talk(
    hub: &Hub,
    mut member: Member,
    reader: &mut Reader,
    writer: &mut Writer,
    stop: &CancellationToken,
) -> Option<Message> {
    let (queue, mut queued) = mpsc::unbounded_channel();
    let takes = async {
        let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        loop {
            let message = tokio::select! {
                news = member.next() => match news? {
                    News::Text(text) => Message::Text(text),
                    News::Missed(missed) => notice(missed),
                },
                _ = pings.tick() => Message::Ping(Bytes::new()),
            };
            queue.send(message).ok()?;
        }
    };
    let writes = async {
        while let Some(message) = queued.recv().await {
            writer.send(message).await.ok()?;
        }
        None
    };
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
    let (takes, writes, receives) = (pin!(takes), pin!(writes), pin!(receives));
    tokio::select! {
        last = receives => last,
        last = takes => last,
        last = writes => last,
        () = stop.cancelled() => Some(close(CloseCode::Away)),
    }
}
