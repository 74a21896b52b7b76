//! The service, until somebody stops it.

use std::{error::Error, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, time::sleep};
use tokio_util::sync::CancellationToken;

use super::books::KEY;

const GRACE: Duration = Duration::from_secs(10);

// ANCHOR: serve
pub(crate) async fn serve(app: Router) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!(
        "curl -i -H 'x-api-key: {KEY}' http://{}/books/7",
        listener.local_addr()?
    );
    let stop = CancellationToken::new();
    let server = axum::serve(listener, app).with_graceful_shutdown(stop.clone().cancelled_owned());
    let deadline = async {
        tokio::signal::ctrl_c().await?;
        stop.cancel();
        sleep(GRACE).await;
        Err("some requests were still running after 10 s".into())
    };
    tokio::select! {
        ended = async { server.await } => Ok(ended?),
        too_late = deadline => too_late,
    }
}
// ANCHOR_END: serve
