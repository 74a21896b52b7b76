//! Waits for the answer to its Close for as long as the peer likes.

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
    if let Some(close) = last {
        writer.send(close).await.ok();
    }
    while let Some(Ok(_)) = reader.next().await {}
}
