//! An [`Upstream`] behind real HTTP, on the loopback interface.
//!
//! ```
//! # use std::time::Duration;
//! use async_workbook::services::upstream::Upstream;
//! use real_services::http::OverHttp as _;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let service = Upstream::builder().page("users", Duration::ZERO).build();
//! let upstream = service.over_http().await?;
//!
//! assert_eq!(upstream.fetch("users").await.body, "users page");
//! assert_eq!((service.hits(), upstream.connections()), (1, 1));
//! # Ok(())
//! # }
//! ```

use std::{future::Future, io, sync::Arc};

use async_workbook::services::upstream::{Page, Remote, Upstream, UpstreamError};
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

use crate::accepts::Accepts;

/// Puts an upstream behind HTTP.
pub trait OverHttp {
    /// Puts this service behind real HTTP, on a free port of the loopback interface, and returns the
    /// way to call it there. Counts and gates are shared with `self`.
    ///
    /// The server ends when the last clone of what this returns is dropped.
    ///
    /// # Errors
    ///
    /// No port on loopback could be opened, or no HTTP client be built.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future leaves nothing behind: the server ends with it.
    fn over_http(&self) -> impl Future<Output = io::Result<Upstream>> + Send;
}

impl OverHttp for Upstream {
    async fn over_http(&self) -> io::Result<Upstream> {
        let loopback = Loopback::start(self.clone()).await?;
        Ok(self.reached_by(Arc::new(loopback)))
    }
}

/// A running server and the client to call it. Dropping it ends both: no connection is accepted any
/// more, and those that are open end when the client lets go of its side.
#[derive(Debug)]
struct Loopback {
    client: Client,
    base: Url,
    accepts: Accepts,
    // `axum::serve` handles the errors of accepting by itself and never returns, so that there is no
    // result to wait for; what is left to do is to end it.
    _server: AbortOnDropHandle<()>,
}

impl Loopback {
    async fn start(service: Upstream) -> io::Result<Self> {
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
    State(service): State<Upstream>,
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use async_workbook::services::upstream::{Outcome, Route};
    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn the_same_service_answers_over_real_http() {
        let upstream = Upstream::builder()
            .route(Route::new("users/7").body("alice"))
            .route(Route::new("two words/é?").body("escaped"))
            .route(Route::new("orders").fails(503))
            .gate(3)
            .build();
        let remote = upstream.over_http().await.expect("loopback is there");
        let (alice, escaped, failed) = tokio::join!(
            remote.get("users/7"),
            remote.get("two words/é?"),
            remote.get("orders")
        );
        assert_eq!(alice.expect("the route answers").body, "alice");
        assert_eq!(escaped.expect("the route answers").body, "escaped");
        assert_eq!(
            failed.expect_err("the route fails"),
            UpstreamError::Status {
                path: "orders".into(),
                status: 503
            }
        );
        assert_eq!((upstream.hits(), upstream.high_water()), (3, 3));
        assert_eq!(upstream.calls().len(), 3);
        assert_eq!((upstream.connections(), remote.connections()), (0, 3));
        assert_eq!(upstream.url(), None);
        let url = remote.url().expect("it has an address");
        assert!(url.starts_with("http://127.0.0.1:") && !url.ends_with('/'));
    }

    #[tokio::test]
    async fn a_client_that_hangs_up_is_noticed() {
        let upstream = Upstream::builder()
            .page("users", Duration::from_secs(3600))
            .build();
        let remote = upstream.over_http().await.expect("loopback is there");
        {
            let mut call = Box::pin(remote.get("users"));
            // The call is polled until the service has it, then dropped half way.
            futures::future::poll_fn(|cx| {
                assert!(call.as_mut().poll(cx).is_pending());
                if upstream.in_flight() == 1 {
                    std::task::Poll::Ready(())
                } else {
                    cx.waker().wake_by_ref();
                    std::task::Poll::Pending
                }
            })
            .await;
        }
        let noticed = async {
            while upstream.in_flight() > 0 {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(60), noticed)
            .await
            .expect("a closed connection is noticed at once");
        assert_eq!(upstream.calls()[0].outcome, Some(Outcome::Dropped));
    }

    #[test]
    fn it_calls_over_http_while_another_thread_serves() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime can be made");
        let upstream = Upstream::builder()
            .page("users", Duration::from_millis(1))
            .build();
        let remote = runtime
            .block_on(upstream.over_http())
            .expect("loopback is there");
        assert_eq!(remote.fetch_blocking("users").body, "users page");
        assert_eq!(upstream.hits(), 1);
    }
}
