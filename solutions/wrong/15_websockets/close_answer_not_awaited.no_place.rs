//! Sends `Again`, and returns without waiting for the answer.

pub async fn chat(hub: Arc<Hub>, pipe: DuplexStream, stop: CancellationToken) {
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE));
    let socket = WebSocketStream::from_raw_socket(pipe, Role::Server, Some(config)).await;
    let (mut writer, mut reader) = socket.split();
    let Some(member) = hub.join() else {
        writer.send(close(CloseCode::Again)).await.ok();
        return;
    };
    let last = talk(&hub, member, &mut reader, &mut writer, &stop).await;
    let goodbye = async {
        if let Some(close) = last {
            writer.send(close).await.ok();
        }
        while let Some(Ok(_)) = reader.next().await {}
    };
    timeout(GOODBYE, goodbye).await.ok();
}
