//! Chapter 12, HTTP clients: the reference solution.

use std::{hash::BuildHasher as _, io, num::NonZeroUsize, time::Duration};

use futures::{StreamExt as _, stream};
use reqwest::{Client, ClientBuilder, RequestBuilder, Response, header::RETRY_AFTER};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncWrite, AsyncWriteExt as _},
    time::{Instant, sleep, timeout, timeout_at},
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

/// An error is several things at once: a timeout may be one of connecting, and whatever breaks in a body is of the kind
/// "decode". So the order matters, and `is_decode` isn't asked at all: JSON is parsed elsewhere.
impl From<reqwest::Error> for ApiError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::Timeout
        } else if error.is_connect() {
            Self::Connect
        } else if error.is_redirect() {
            Self::Redirect
        } else {
            Self::Interrupted
        }
    }
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

/// The client is the pool of connections, so there's one for as long as the `Api` lives. It has no time limit of its own:
/// what a limit bounds differs from function to function.
pub struct Api {
    client: Client,
    base: String,
    timeout: Duration,
}

/// Why a request failed, and what the service says about the next one.
struct Failed {
    error: ApiError,
    retry_after: Option<Duration>,
}

impl<E: Into<ApiError>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self {
            error: error.into(),
            retry_after: None,
        }
    }
}

impl Failed {
    /// How long to wait before another attempt. `None` if another attempt is of no use.
    fn pause(&self) -> Option<Duration> {
        match self.error {
            ApiError::Connect
            | ApiError::Interrupted
            | ApiError::Status {
                code: 429 | 503, ..
            } => Some(self.retry_after.unwrap_or(PAUSE)),
            _ => None,
        }
    }
}

impl Api {
    pub fn new(base: &str, timeout: Duration) -> Self {
        let client = client_builder().build();
        Self {
            client: client.expect("a client without TLS needs nothing from the system"),
            base: base.to_owned(),
            timeout,
        }
    }

    /// One timeout around everything: connecting, the headers, and each byte of the body.
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(format!("{}/users/{id}", self.base));
        match timeout(self.timeout, user_in(request)).await {
            Ok(user) => user.map_err(|failed| failed.error),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }

    /// The key is made before the first attempt, and the deadline too. Both belong to the call.
    pub async fn create(&self, user: &NewUser, token: &str) -> Result<User, ApiError> {
        let deadline = Instant::now() + self.timeout;
        let key = new_key();
        let mut attempt = 1;
        loop {
            let request = self.client.post(format!("{}/users", self.base));
            let request = request
                .bearer_auth(token)
                .header("Idempotency-Key", &key)
                .json(user);
            let failed = match timeout_at(deadline, user_in(request)).await {
                Ok(Ok(user)) => return Ok(user),
                Ok(Err(failed)) => failed,
                Err(_elapsed) => return Err(ApiError::Timeout),
            };
            match failed.pause() {
                // Compared as lengths of time: adding what a service sends to an instant could overflow.
                Some(pause) if attempt < ATTEMPTS && pause <= deadline - Instant::now() => {
                    sleep(pause).await;
                }
                _ => return Err(failed.error),
            }
            attempt += 1;
        }
    }

    /// The results come in whatever order the service answers, so each takes its position with it. (`buffered` keeps the
    /// order by itself, but starts nothing new while it waits for the first in the row.)
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let requests = ids
            .iter()
            .copied()
            .enumerate()
            .map(|(position, id)| async move { (position, self.user(id).await) });
        let mut results: Vec<_> = stream::iter(requests)
            .buffer_unordered(limit.get())
            .collect()
            .await;
        results.sort_unstable_by_key(|(position, _)| *position);
        results.into_iter().map(|(_, result)| result).collect()
    }

    /// Each wait for the service has a limit of its own, and the writes have none. While a write waits, nothing is read, so
    /// the connection fills up, and the service waits too.
    pub async fn export(
        &self,
        sink: &mut (impl AsyncWrite + Send + Unpin),
    ) -> Result<u64, ApiError> {
        let request = self.client.get(format!("{}/export", self.base));
        let Ok(response) = timeout(self.timeout, accepted(request)).await else {
            return Err(ApiError::Timeout);
        };
        let mut response = response.map_err(|failed| failed.error)?;
        let mut count = 0;
        loop {
            let Ok(piece) = timeout(self.timeout, response.chunk()).await else {
                return Err(ApiError::Timeout);
            };
            let Some(piece) = piece? else {
                break;
            };
            sink.write_all(&piece).await.map_err(ApiError::Sink)?;
            count += piece.len() as u64;
        }
        sink.flush().await.map_err(ApiError::Sink)?;
        Ok(count)
    }
}

/// Sends a request, and returns the user in its answer.
async fn user_in(request: RequestBuilder) -> Result<User, Failed> {
    // `Response::json` would do both, with one kind of error for both.
    let body = accepted(request).await?.bytes().await?;
    serde_json::from_slice(&body).map_err(|_| ApiError::Decode.into())
}

/// Sends a request, and returns the response if its status is 2xx.
async fn accepted(request: RequestBuilder) -> Result<Response, Failed> {
    let response = request.send().await?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let retry_after = response.headers().get(RETRY_AFTER);
    let seconds = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
    // Reading it to its end also frees the connection for the next request.
    let text = response.text().await?;
    Err(Failed {
        error: ApiError::Status {
            code: status.as_u16(),
            text,
        },
        retry_after: seconds.map(Duration::from_secs),
    })
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_http_clients::grade!();
