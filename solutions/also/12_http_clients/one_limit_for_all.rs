//! Chapter 12, HTTP clients: the client has the time limit, and the export takes it back.

use std::{hash::BuildHasher as _, io, num::NonZeroUsize, time::Duration};

use futures::{StreamExt as _, TryFutureExt as _, stream::FuturesUnordered};
use reqwest::{Client, ClientBuilder, RequestBuilder};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncWrite, AsyncWriteExt as _},
    select,
    time::{Instant, sleep},
};

#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct User {
    pub id: u64,
    pub name: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct NewUser {
    pub name: String,
}

/// Why there's no result.
#[derive(Debug)]
pub enum ApiError {
    /// No connection could be made.
    Connect,
    /// The time was up, whatever the call was waiting for.
    Timeout,
    /// The service answered with a status other than 2xx: the code, and the text that came with it.
    Status { code: u16, text: String },
    /// One redirect led to the next, too often.
    Redirect,
    /// The connection broke before the whole answer had arrived.
    Interrupted,
    /// The whole answer arrived, but it isn't the JSON of a `User`.
    Decode,
    /// The sink failed.
    Sink(io::Error),
}

/// How often `create` may send its request, and how long it waits if the service doesn't say.
pub const ATTEMPTS: u32 = 3;
pub const PAUSE: Duration = Duration::from_secs(1);

/// A proxy from the environment must not see calls that stay on this machine.
pub fn client_builder() -> ClientBuilder {
    Client::builder().no_proxy()
}

/// A new idempotency key each time.
pub fn new_key() -> String {
    let random = || std::hash::RandomState::new().hash_one(());
    format!("{:016x}{:016x}", random(), random())
}

impl From<reqwest::Error> for ApiError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::Timeout;
        }
        match (error.is_connect(), error.is_redirect()) {
            (true, _) => Self::Connect,
            (_, true) => Self::Redirect,
            _ => Self::Interrupted,
        }
    }
}

pub struct Api {
    client: Client,
    base: String,
    timeout: Duration,
}

impl Api {
    pub fn new(base: &str, timeout: Duration) -> Self {
        let builder = client_builder().timeout(timeout).connect_timeout(timeout);
        Self {
            client: builder.build().expect("a client can be made"),
            base: base.to_owned(),
            timeout,
        }
    }

    async fn exchange(&self, request: RequestBuilder) -> (Option<u64>, Result<User, ApiError>) {
        let mut retry_after = None;
        let result = async {
            let response = request.send().await?;
            let code = response.status();
            let header = response.headers().get("retry-after").cloned();
            retry_after = header.and_then(|value| value.to_str().ok()?.parse().ok());
            let body = response.bytes().await?;
            if code.is_success() {
                return serde_json::from_slice(&body).map_err(|_| ApiError::Decode);
            }
            let text = String::from_utf8_lossy(&body).into_owned();
            let code = code.as_u16();
            Err(ApiError::Status { code, text })
        };
        let result = result.await;
        (retry_after, result)
    }

    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        self.exchange(request).await.1
    }

    pub async fn create(&self, user: &NewUser, token: &str) -> Result<User, ApiError> {
        let deadline = Instant::now() + self.timeout;
        let attempts = async {
            let key = new_key();
            let mut attempt = 0;
            loop {
                attempt += 1;
                let request = self
                    .client
                    .post(format!("{}/users", self.base))
                    .bearer_auth(token)
                    .header("idempotency-key", &key)
                    .json(user);
                let (retry_after, result) = self.exchange(request).await;
                let again = match &result {
                    Err(ApiError::Status { code, .. }) => *code == 429 || *code == 503,
                    Err(ApiError::Connect | ApiError::Interrupted) => true,
                    _ => false,
                };
                let pause = retry_after.map_or(PAUSE, Duration::from_secs);
                let is_late = Instant::now()
                    .checked_add(pause)
                    .is_none_or(|due| due > deadline);
                if !again || attempt == ATTEMPTS || is_late {
                    return result;
                }
                sleep(pause).await;
            }
        };
        select! {
            result = attempts => result,
            () = sleep(self.timeout) => Err(ApiError::Timeout),
        }
    }

    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let ask = |place: usize| async move { (place, self.user(ids[place]).await) };
        let mut running: FuturesUnordered<_> = (0..ids.len().min(limit.get())).map(ask).collect();
        let mut next = running.len();
        let mut results = Vec::new();
        while let Some(result) = running.next().await {
            results.push(result);
            if next < ids.len() {
                running.push(ask(next));
                next += 1;
            }
        }
        results.sort_by_key(|(place, _)| *place);
        results.into_iter().map(|(_, result)| result).collect()
    }

    pub async fn export(
        &self,
        sink: &mut (impl AsyncWrite + Send + Unpin),
    ) -> Result<u64, ApiError> {
        let request = self.client.get(format!("{}/export", self.base));
        // The client's limit bounds the whole of a request, but a request may have another one.
        let sent = request
            .timeout(Duration::MAX)
            .send()
            .map_err(ApiError::from);
        let mut response = select! {
            response = sent => response?,
            () = sleep(self.timeout) => return Err(ApiError::Timeout),
        };
        let code = response.status();
        if !code.is_success() {
            let code = code.as_u16();
            let text = select! {
                text = response.text() => text?,
                () = sleep(self.timeout) => return Err(ApiError::Timeout),
            };
            return Err(ApiError::Status { code, text });
        }
        let mut count = 0;
        loop {
            let piece = select! {
                piece = response.chunk() => piece?,
                () = sleep(self.timeout) => return Err(ApiError::Timeout),
            };
            let Some(piece) = piece else {
                break;
            };
            count += piece.len() as u64;
            sink.write_all(&piece).await.map_err(ApiError::Sink)?;
        }
        sink.flush().await.map_err(ApiError::Sink)?;
        Ok(count)
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_http_clients::grade!();
