//! A client of the service: over HTTP on loopback, or in memory.

use std::error::Error;

use async_workbook::clock::Clock;
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

pub(crate) struct Client {
    app: Router,
    /// With the address of the service. On the virtual clock there is none.
    http: Option<(reqwest::Client, String)>,
}

impl Client {
    pub(crate) async fn new(app: Router, clock: Clock) -> Result<Self, Box<dyn Error>> {
        let mut http = None;
        if clock == Clock::Real {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
            let base = format!("http://{}", listener.local_addr()?);
            tokio::spawn(axum::serve(listener, app.clone()).into_future());
            // A proxy that the environment names must not see calls that stay on this machine.
            http = Some((reqwest::Client::builder().no_proxy().build()?, base));
        }
        Ok(Self { app, http })
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        key: &str,
    ) -> Result<StatusCode, Box<dyn Error>> {
        let request = Request::builder().method(method).header("x-api-key", key);
        Ok(match &self.http {
            Some((client, base)) => {
                let request = request.uri(format!("{base}{path}")).body("")?;
                client.execute(request.try_into()?).await?.status()
            }
            // What `axum::serve` does with a request that it has read.
            None => {
                let request = request.uri(path).body(Body::empty())?;
                self.app.clone().oneshot(request).await?.status()
            }
        })
    }
}
