//! Chapter 12, HTTP clients: on tasks, which end with their `JoinSet`.

use std::{hash::BuildHasher as _, io, num::NonZeroUsize, sync::Arc, time::Duration};

use reqwest::{Client, ClientBuilder, Method, RequestBuilder};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncWrite, AsyncWriteExt as _},
    task::JoinSet,
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

fn reason(error: &reqwest::Error) -> ApiError {
    if error.is_timeout() {
        ApiError::Timeout
    } else if error.is_connect() {
        ApiError::Connect
    } else if error.is_redirect() {
        ApiError::Redirect
    } else {
        ApiError::Interrupted
    }
}

#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    client: Client,
    base: String,
    timeout: Duration,
}

/// An answer as it came: its status, what it says about another attempt, and its whole body.
struct Answer {
    code: u16,
    retry_after: Option<u64>,
    body: Vec<u8>,
}

impl Answer {
    async fn to(request: RequestBuilder) -> Result<Self, ApiError> {
        let mut response = request.send().await.map_err(|error| reason(&error))?;
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| reason(&error))? {
            body.extend_from_slice(&piece);
        }
        let header = response.headers().get("Retry-After");
        Ok(Self {
            code: response.status().as_u16(),
            retry_after: header
                .and_then(|value| value.to_str().ok())
                .and_then(|text| text.trim().parse().ok()),
            body,
        })
    }

    fn into_json<T: DeserializeOwned>(self) -> Result<T, ApiError> {
        if (200..300).contains(&self.code) {
            return serde_json::from_slice(&self.body).map_err(|_| ApiError::Decode);
        }
        Err(ApiError::Status {
            code: self.code,
            text: String::from_utf8_lossy(&self.body).into_owned(),
        })
    }
}

impl Api {
    pub fn new(base: &str, timeout: Duration) -> Self {
        Self(Arc::new(Inner {
            client: client_builder().build().expect("a client can be made"),
            base: base.to_owned(),
            timeout,
        }))
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.0.base);
        self.0.client.request(method, url)
    }

    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let request = self.request(Method::GET, &format!("/users/{id}"));
        match timeout(self.0.timeout, Answer::to(request)).await {
            Ok(answer) => answer?.into_json(),
            Err(_elapsed) => Err(ApiError::Timeout),
        }
    }

    pub async fn create(&self, user: &NewUser, token: &str) -> Result<User, ApiError> {
        let end = Instant::now() + self.0.timeout;
        let request = self.request(Method::POST, "/users");
        let request = request.bearer_auth(token).json(user);
        let request = request.header("idempotency-key", new_key());
        let mut left = ATTEMPTS;
        loop {
            left -= 1;
            let attempt = request.try_clone().expect("the body isn't a stream");
            let (error, pause) = match timeout_at(end, Answer::to(attempt)).await {
                Err(_elapsed) => return Err(ApiError::Timeout),
                Ok(Ok(answer)) if matches!(answer.code, 429 | 503) => {
                    let pause = answer.retry_after.map_or(PAUSE, Duration::from_secs);
                    (answer.into_json::<User>().expect_err("it's no 2xx"), pause)
                }
                Ok(Ok(answer)) => return answer.into_json(),
                Ok(Err(error @ (ApiError::Connect | ApiError::Interrupted))) => (error, PAUSE),
                Ok(Err(error)) => return Err(error),
            };
            let time_left = end.saturating_duration_since(Instant::now());
            if left == 0 || pause > time_left {
                return Err(error);
            }
            sleep(pause).await;
        }
    }

    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let mut results: Vec<_> = ids.iter().map(|_| None).collect();
        let mut tasks = JoinSet::new();
        let mut waiting = ids.iter().copied().enumerate();
        loop {
            while tasks.len() < limit.get() {
                let Some((place, id)) = waiting.next() else {
                    break;
                };
                let api = self.clone();
                tasks.spawn(async move { (place, api.user(id).await) });
            }
            match tasks.join_next().await {
                Some(ended) => {
                    let (place, result) = ended.expect("it doesn't panic");
                    results[place] = Some(result);
                }
                None => break,
            }
        }
        results
            .into_iter()
            .map(|result| result.expect("each was asked for"))
            .collect()
    }

    pub async fn export(
        &self,
        sink: &mut (impl AsyncWrite + Send + Unpin),
    ) -> Result<u64, ApiError> {
        let limit = self.0.timeout;
        let request = self.request(Method::GET, "/export").send();
        let mut response = match timeout(limit, request).await {
            Ok(response) => response.map_err(|error| reason(&error))?,
            Err(_elapsed) => return Err(ApiError::Timeout),
        };
        let code = response.status().as_u16();
        if !(200..300).contains(&code) {
            return match timeout(limit, response.text()).await {
                Ok(text) => Err(ApiError::Status {
                    code,
                    text: text.map_err(|error| reason(&error))?,
                }),
                Err(_elapsed) => Err(ApiError::Timeout),
            };
        }
        let mut count: u64 = 0;
        loop {
            match timeout(limit, response.chunk()).await {
                Err(_elapsed) => return Err(ApiError::Timeout),
                Ok(Err(error)) => return Err(reason(&error)),
                Ok(Ok(None)) => break,
                Ok(Ok(Some(piece))) => {
                    sink.write_all(&piece).await.map_err(ApiError::Sink)?;
                    count += u64::try_from(piece.len()).expect("a length fits");
                }
            }
        }
        sink.flush().await.map_err(ApiError::Sink)?;
        Ok(count)
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_http_clients::grade!();
