//! The chat for your browser: a page, and the WebSocket that it opens.

use std::{env, error::Error};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, StatusCode, header, uri::Authority},
    response::{Html, IntoResponse as _, Response},
    routing::get,
};
use hyper::upgrade::OnUpgrade;
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{connection, room::Room};

#[derive(Clone, Default)]
struct Chat {
    room: Room,
    stop: CancellationToken,
    connections: TaskTracker,
}

// ANCHOR: serve
pub(crate) async fn serve() -> Result<(), Box<dyn Error>> {
    let port = env::var("WORKBOOK_PORT").map_or(Ok(3000), |port| port.parse::<u16>())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let address = listener.local_addr()?;
    println!("http://{address}/  (open it in two windows; Ctrl-C ends it)");
    let chat = Chat::default();
    let app = Router::new()
        .route("/", get(|| async { Html(include_str!("page.html")) }))
        .route("/ws", get(upgrade))
        .with_state(chat.clone());
    let stop = chat.stop.clone();
    let server = axum::serve(listener, app).with_graceful_shutdown(stop.cancelled_owned());
    let interrupted = async {
        tokio::signal::ctrl_c().await?;
        chat.stop.cancel();
        Ok::<(), std::io::Error>(())
    };
    tokio::try_join!(async { server.await }, interrupted)?;
    // The server doesn't wait for connections that were upgraded. Each of them ends within its own limit.
    chat.connections.close();
    chat.connections.wait().await;
    Ok(())
}
// ANCHOR_END: serve

// ANCHOR: upgrade
/// What axum's own `WebSocketUpgrade` does, which comes with axum's feature `ws`.
async fn upgrade(State(chat): State<Chat>, mut request: Request) -> Response {
    if !is_same_origin(request.headers()) {
        return (StatusCode::FORBIDDEN, "open the page of this server").into_response();
    }
    let is = |name, value: &[u8]| {
        let found = request.headers().get::<HeaderName>(name);
        found.is_some_and(|found| found.as_bytes().eq_ignore_ascii_case(value))
    };
    let is_handshake =
        is(header::UPGRADE, b"websocket") && is(header::SEC_WEBSOCKET_VERSION, b"13");
    let key = request.headers().get(header::SEC_WEBSOCKET_KEY);
    let accept = key.map(|key| derive_accept_key(key.as_bytes()));
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let (true, Some(accept), Some(upgrade)) = (is_handshake, accept, upgrade) else {
        return (StatusCode::UPGRADE_REQUIRED, "a WebSocket is expected").into_response();
    };
    chat.connections.spawn(async move {
        // It's there as soon as the response below has been sent.
        match upgrade.await {
            Ok(upgraded) => connection::serve(upgraded, chat.room, chat.stop).await,
            Err(error) => println!("no connection: {error}"),
        }
    });
    let headers = [
        (header::CONNECTION, "upgrade"),
        (header::UPGRADE, "websocket"),
        (header::SEC_WEBSOCKET_ACCEPT, &*accept),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

/// A browser lets any page open a WebSocket to any server, and sends the user's cookies along. It says which page it was,
/// and the server has to look. Programs that aren't browsers say nothing, or whatever they like.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let origin = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.strip_prefix("http://"));
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let parsed = |text: &str| text.parse::<Authority>().ok();
    origin
        .and_then(parsed)
        .is_some_and(|origin| host.and_then(parsed) == Some(origin))
}
// ANCHOR_END: upgrade
