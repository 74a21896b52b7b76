//! The same service behind real HTTP, on the loopback interface.

use std::{io, sync::Arc};

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    routing::get,
};
use futures::future::BoxFuture;
use reqwest::{Client, Url};
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

use super::{
    Remote,
    service::{Page, Service, UpstreamError},
};
use crate::accepts::Accepts;

/// A running server and the client to call it. Dropping it ends both: no connection is accepted any
/// more, and those that are open end when the client lets go of its side.
#[derive(Debug)]
pub(crate) struct Loopback {
    client: Client,
    base: Url,
    accepts: Accepts,
    // `axum::serve` handles the errors of accepting by itself and never returns, so that there is no
    // result to wait for; what is left to do is to end it.
    _server: AbortOnDropHandle<()>,
}

impl Loopback {
    pub(crate) async fn start(service: Arc<Service>) -> io::Result<Self> {
        // Port 0 asks the system for any free port.
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let accepts = Accepts::default();
        let counted = accepts.count(listener);
        let app = Router::new()
            .route("/{*path}", get(answer))
            .with_state(service);
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(counted, app).await {
                eprintln!("the upstream's server ended: {error}");
            }
        });
        Ok(Self {
            // A proxy that the environment names must not see calls that stay on this machine.
            client: Client::builder()
                .no_proxy()
                .build()
                .map_err(io::Error::other)?,
            base: Url::parse(&format!("http://{address}")).map_err(io::Error::other)?,
            accepts,
            _server: AbortOnDropHandle::new(server),
        })
    }

    async fn ask(&self, path: &str) -> Result<Page, UpstreamError> {
        let transport = |error: reqwest::Error| UpstreamError::Transport {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear().extend(path.split('/'));
        }
        let response = self.client.get(url).send().await.map_err(transport)?;
        if response.status() != StatusCode::OK {
            return Err(UpstreamError::Status {
                path: path.to_owned(),
                status: response.status().as_u16(),
            });
        }
        Ok(Page {
            path: path.to_owned(),
            body: response.text().await.map_err(transport)?,
        })
    }
}

impl Remote for Loopback {
    fn get<'a>(&'a self, path: &'a str) -> BoxFuture<'a, Result<Page, UpstreamError>> {
        Box::pin(self.ask(path))
    }

    fn url(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    fn connections(&self) -> usize {
        self.accepts.total()
    }
}

async fn answer(
    State(service): State<Arc<Service>>,
    Path(path): Path<String>,
) -> Result<String, StatusCode> {
    match service.answer(&path).await {
        Ok(page) => Ok(page.body),
        Err(UpstreamError::Status { status, .. }) => {
            Err(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        }
        Err(UpstreamError::Transport { .. }) => Err(StatusCode::BAD_GATEWAY),
    }
}
