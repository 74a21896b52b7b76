//! Chapter 12, HTTP clients: with the time limits of reqwest, with `json()`, and with a semaphore.

use std::{error::Error as _, hash::BuildHasher as _, io, num::NonZeroUsize, time::Duration};

use futures::future::join_all;
use reqwest::{Client, ClientBuilder, Response, StatusCode};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncWrite, AsyncWriteExt as _},
    sync::Semaphore,
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
        match error {
            error if error.is_timeout() => Self::Timeout,
            error if error.is_redirect() => Self::Redirect,
            error if error.is_connect() => Self::Connect,
            // An error of the kind "decode" is one of JSON only if that's its cause.
            error
                if error
                    .source()
                    .is_some_and(|cause| cause.is::<serde_json::Error>()) =>
            {
                Self::Decode
            }
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
        Self {
            client: client_builder().build().expect("there's no TLS to set up"),
            base: base.to_owned(),
            timeout,
        }
    }

    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        let url = format!("{}/users/{id}", self.base);
        // The limit of a request goes on with its body.
        let response = self.client.get(url).timeout(self.timeout).send().await?;
        if !response.status().is_success() {
            return Err(refused(response).await);
        }
        Ok(response.json().await?)
    }

    pub async fn create(&self, user: &NewUser, token: &str) -> Result<User, ApiError> {
        let start = Instant::now();
        let key = new_key();
        let left = || self.timeout.saturating_sub(start.elapsed());
        for last in [false, false, true] {
            let (error, pause) = match self.post(user, token, &key, left()).await {
                Ok(response) if response.status().is_success() => {
                    match response.json().await.map_err(ApiError::from) {
                        Ok(user) => return Ok(user),
                        Err(error) => (error, PAUSE),
                    }
                }
                Ok(response) => {
                    let pause = pause(&response);
                    (refused(response).await, pause)
                }
                Err(error) => (error.into(), PAUSE),
            };
            if last || !is_worth_another_attempt(&error) || pause > left() {
                return Err(error);
            }
            sleep(pause).await;
        }
        unreachable!("the last attempt returns")
    }

    async fn post(
        &self,
        user: &NewUser,
        token: &str,
        key: &str,
        limit: Duration,
    ) -> reqwest::Result<Response> {
        self.client
            .post(format!("{}/users", self.base))
            .timeout(limit)
            .header("Authorization", format!("Bearer {token}"))
            .header("Idempotency-Key", key)
            .json(user)
            .send()
            .await
    }

    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let semaphore = &Semaphore::new(limit.get().min(Semaphore::MAX_PERMITS));
        let requests = ids.iter().map(|&id| async move {
            let _permit = semaphore.acquire().await.expect("it's never closed");
            self.user(id).await
        });
        join_all(requests).await
    }

    pub async fn export(
        &self,
        sink: &mut (impl AsyncWrite + Send + Unpin),
    ) -> Result<u64, ApiError> {
        let request = self.client.get(format!("{}/export", self.base)).send();
        let response = tokio::time::timeout(self.timeout, request).await;
        let mut response = response.map_err(|_| ApiError::Timeout)??;
        if !response.status().is_success() {
            let refused = tokio::time::timeout(self.timeout, refused(response)).await;
            return Err(refused.unwrap_or(ApiError::Timeout));
        }
        let mut count = 0;
        while let Some(piece) = tokio::time::timeout(self.timeout, response.chunk())
            .await
            .map_err(|_| ApiError::Timeout)??
        {
            let written = async {
                sink.write_all(&piece).await?;
                sink.flush().await
            };
            written.await.map_err(ApiError::Sink)?;
            count += piece.len() as u64;
        }
        Ok(count)
    }
}

fn is_worth_another_attempt(error: &ApiError) -> bool {
    match error {
        ApiError::Connect | ApiError::Interrupted => true,
        ApiError::Status { code, .. } => [429, 503].contains(code),
        _ => false,
    }
}

fn pause(response: &Response) -> Duration {
    let seconds = || -> Option<u64> {
        let value = response.headers().get("retry-after")?;
        value.to_str().ok()?.parse().ok()
    };
    seconds().map_or(PAUSE, Duration::from_secs)
}

async fn refused(response: Response) -> ApiError {
    let code: StatusCode = response.status();
    match response.text().await {
        Ok(text) => ApiError::Status {
            code: code.as_u16(),
            text,
        },
        Err(error) => error.into(),
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_http_clients::grade!();
