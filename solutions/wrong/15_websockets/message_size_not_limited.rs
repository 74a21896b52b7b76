//! Leaves the size of messages to the defaults.

pub async fn chat(hub: Arc<Hub>, pipe: DuplexStream, stop: CancellationToken) {
    let socket = WebSocketStream::from_raw_socket(pipe, Role::Server, None).await;
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
