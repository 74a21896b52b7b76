//! Chapter 12, HTTP clients: with a retry policy of tower's, workers that begin with the last id, and `copy_buf`.

use std::{hash::BuildHasher as _, io, num::NonZeroUsize, pin::pin, sync::Mutex, time::Duration};

use futures::{TryStreamExt as _, future::join_all, stream};
use reqwest::{Client, ClientBuilder, Request, Url, header::HeaderMap};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncWrite, AsyncWriteExt as _, copy_buf},
    time::{Instant, Sleep, sleep, timeout, timeout_at},
};
use tokio_util::io::StreamReader;
use tower::{ServiceExt as _, retry, service_fn};

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
        match (error.is_timeout(), error.is_connect(), error.is_redirect()) {
            (true, ..) => Self::Timeout,
            (_, true, _) => Self::Connect,
            (.., true) => Self::Redirect,
            _ => Self::Interrupted,
        }
    }
}

/// An error, and what came with it.
type Failure = (ApiError, HeaderMap);

fn alone<E: Into<ApiError>>(error: E) -> Failure {
    (error.into(), HeaderMap::new())
}

/// Tries again until a deadline.
#[derive(Clone)]
struct UntilDeadline {
    left: u32,
    deadline: Instant,
}

impl retry::Policy<Request, User, Failure> for UntilDeadline {
    type Future = Sleep;

    fn retry(
        &mut self,
        _request: &mut Request,
        result: &mut Result<User, Failure>,
    ) -> Option<Sleep> {
        let (error, headers) = result.as_ref().err()?;
        let pause = match error {
            ApiError::Status {
                code: 429 | 503, ..
            }
            | ApiError::Connect
            | ApiError::Interrupted => pause(headers),
            _ => return None,
        };
        self.left -= 1;
        let is_worth_it = self.left > 0 && pause <= self.deadline - Instant::now();
        is_worth_it.then(|| sleep(pause))
    }

    fn clone_request(&mut self, request: &Request) -> Option<Request> {
        request.try_clone()
    }
}

fn pause(headers: &HeaderMap) -> Duration {
    let seconds = || headers.get("retry-after")?.to_str().ok()?.parse().ok();
    seconds().map_or(PAUSE, Duration::from_secs)
}

pub struct Api {
    client: Client,
    base: Url,
    timeout: Duration,
}

impl Api {
    pub fn new(base: &str, timeout: Duration) -> Self {
        Self {
            client: client_builder().build().expect("there's no TLS to set up"),
            base: base.parse().expect("the base is a URL"),
            timeout,
        }
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        let mut segments = url.path_segments_mut().expect("the base is an HTTP URL");
        segments.extend(path);
        drop(segments);
        url
    }

    async fn ask(&self, request: Request) -> Result<User, Failure> {
        let response = self.client.execute(request).await.map_err(alone)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(alone)?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|_| alone(ApiError::Decode));
        }
        let code = status.as_u16();
        let text = String::from_utf8_lossy(&body).into_owned();
        Err((ApiError::Status { code, text }, headers))
    }

    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.client.get(self.url(&["users", &id.to_string()]));
        let user = self.ask(request.build()?);
        let user = timeout(self.timeout, user).await;
        let user = user.map_err(|_elapsed| ApiError::Timeout)?;
        user.map_err(|(error, _)| error)
    }

    pub async fn create(&self, user: &NewUser, token: &str) -> Result<User, ApiError> {
        let deadline = Instant::now() + self.timeout;
        let request = self.client.post(self.url(&["users"])).bearer_auth(token);
        let request = request.header("Idempotency-Key", new_key()).json(user);
        let policy = UntilDeadline {
            left: ATTEMPTS,
            deadline,
        };
        let service = retry::Retry::new(policy, service_fn(|request| self.ask(request)));
        let user = timeout_at(deadline, service.oneshot(request.build()?)).await;
        let user = user.map_err(|_elapsed| ApiError::Timeout)?;
        user.map_err(|(error, _)| error)
    }

    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let left: Vec<(usize, u64)> = ids.iter().copied().enumerate().collect();
        let left = Mutex::new(left);
        let next = || left.lock().expect("nothing panics").pop();
        let worker = async || {
            let mut results = Vec::new();
            while let Some((place, id)) = next() {
                results.push((place, self.user(id).await));
            }
            results
        };
        let workers = (0..limit.get().min(ids.len())).map(|_| worker());
        let mut results: Vec<_> = join_all(workers).await.into_iter().flatten().collect();
        results.sort_unstable_by_key(|(place, _)| *place);
        results.into_iter().map(|(_, result)| result).collect()
    }

    async fn wait<T>(
        &self,
        service: impl Future<Output = reqwest::Result<T>>,
    ) -> Result<T, ApiError> {
        match timeout(self.timeout, service).await {
            Ok(result) => Ok(result?),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }

    pub async fn export(
        &self,
        sink: &mut (impl AsyncWrite + Send + Unpin),
    ) -> Result<u64, ApiError> {
        let request = self.client.get(self.url(&["export"]));
        let response = self.wait(request.send()).await?;
        let status = response.status();
        let pieces = stream::try_unfold(response, |mut response| async {
            let piece = self.wait(response.chunk()).await?;
            Ok::<_, ApiError>(piece.map(|piece| (piece, response)))
        });
        if !status.is_success() {
            let body: Vec<u8> = pieces
                .try_fold(Vec::new(), |mut body, piece| async move {
                    body.extend_from_slice(&piece);
                    Ok(body)
                })
                .await?;
            return Err(ApiError::Status {
                code: status.as_u16(),
                text: String::from_utf8_lossy(&body).into_owned(),
            });
        }
        // A reader's errors are `io::Error`s, as the sink's are.
        let mut broken = None;
        let pieces = pieces.map_err(|error| {
            broken = Some(error);
            io::Error::other("the service failed")
        });
        let copied = copy_buf(&mut pin!(StreamReader::new(pieces)), sink).await;
        let count = copied.map_err(|error| broken.unwrap_or(ApiError::Sink(error)))?;
        sink.flush().await.map_err(ApiError::Sink)?;
        Ok(count)
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_http_clients::grade!();
