//! Listens to the peer first, and sends when it has something to say.

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
