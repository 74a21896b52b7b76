//! Makes taking and sending one arm of a `select!`, which another arm drops halfway.

pub async fn chat(hub: Arc<Hub>, pipe: DuplexStream, stop: CancellationToken) {
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE));
    let socket = WebSocketStream::from_raw_socket(pipe, Role::Server, Some(config)).await;
    let (mut writer, mut reader) = socket.split();
    let last = match hub.join() {
        Some(member) => talk(&hub, member, &mut reader, &mut writer, &stop).await,
        None => Some(close(CloseCode::Again)),
    };
    let goodbye = async {
        if let Some(close) = last {
            writer.send(close).await.ok();
        }
        while let Some(Ok(_)) = reader.next().await {}
    };
    timeout(GOODBYE, goodbye).await.ok();
}

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
