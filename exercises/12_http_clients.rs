//! Chapter 12, HTTP clients: one client, honest errors.
//!
//! Write the client of a service that keeps users. Whoever calls it must learn what went wrong, must never wait for
//! longer than they said, and must be able to try again without creating a user twice.
//!
//! See it first:  cargo run --example 12_http_clients
//! Grade it:      cargo test -p exercises -- 12
//!
//! In all four tasks:
//!
//! - All requests of one `Api` share one client and its connections, including those that the service refused.
//!   Two `Api`s share nothing: keep nothing in a `static`.
//! - A status other than 2xx is `Status`, whatever the text says. Read that text to its end. It may not be UTF-8, which
//!   `Response::text` doesn't mind. (If it breaks off, `Status` and `Interrupted` are both right.)
//! - `timeout` counts from the call (in task 3, from when each request begins) to the last byte of the answer, also of
//!   one that's an error, on tokio's clock. Task 4 says what it means there.
//! - If the caller drops a call, its request ends. Nothing goes on in the background.
//! - Each call asks the service. It must NOT send a request again unless the task says so, and must NOT keep an answer
//!   for another call.
//! - The futures must be `Send`, so a task can run them. (In task 3 they needn't be.)
//!
//! Worth looking up: `reqwest::{Client, RequestBuilder, Response, Error}`, and which of `Error`'s `is_…` methods
//! are true at the same time; `serde_json::from_slice`, `tokio::time::{timeout, timeout_at}`,
//! `futures::StreamExt::buffer_unordered`, `tokio::io::AsyncWriteExt`.

use std::{hash::BuildHasher as _, io, num::NonZeroUsize, time::Duration};

use reqwest::{Client, ClientBuilder};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWrite;

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
    /// Task 4: the sink failed.
    Sink(io::Error),
}

/// Given: how often `create` may send its request, and how long it waits if the service doesn't say.
pub const ATTEMPTS: u32 = 3;
pub const PAUSE: Duration = Duration::from_secs(1);

/// Given: start your client from this. A proxy from the environment must not see calls that stay on this machine.
pub fn client_builder() -> ClientBuilder {
    Client::builder().no_proxy()
}

/// Given: a new idempotency key each time.
pub fn new_key() -> String {
    let random = || std::hash::RandomState::new().hash_one(());
    format!("{:016x}{:016x}", random(), random())
}

/// Give it the fields that it needs.
pub struct Api {}

impl Api {
    /// `base` is where the service is, with no slash at the end: `http://127.0.0.1:49152/v1`.
    pub fn new(base: &str, timeout: Duration) -> Self {
        todo!("make the client, once")
    }

    /// Task 1: `GET {base}/users/{id}`. The answer is a `User` in JSON. Follows redirects, as reqwest does.
    pub async fn user(&self, id: u64) -> Result<User, ApiError> {
        todo!("ask for the user, and tell apart what may go wrong")
    }

    /// Task 2: `POST {base}/users` with `user` in JSON, and the headers `Authorization: Bearer {token}` and
    /// `Idempotency-Key: {key}`. The service creates one user for each key, however often it gets the request.
    ///
    /// - It tries again after a 429, a 503, `Connect` and `Interrupted`, `ATTEMPTS` times in all. Whatever else
    ///   went wrong is final. After the last attempt, it returns that attempt's error.
    /// - After an attempt has failed, it waits for as many seconds as that answer's `Retry-After` says. If there's no
    ///   such header, or it isn't a whole number (a `u64`), it waits for `PAUSE`.
    /// - `timeout` bounds all attempts and waits together. If a wait would take longer than the time that's left,
    ///   it returns the error at once instead. (A service may send any number.)
    pub async fn create(&self, user: &NewUser, token: &str) -> Result<User, ApiError> {
        todo!("create the user, and try again where that's worth it")
    }

    /// Task 3: asks for each of these users as `user` does, and returns the results in the order of `ids`.
    ///
    /// At most `limit` requests of this call are in flight, and as many as that whenever enough are left. A request is
    /// in flight until its whole answer has arrived. `limit` may be larger than the number of ids, up to
    /// `NonZeroUsize::MAX`.
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        todo!("ask for all users, `limit` at a time")
    }

    /// Task 4: `GET {base}/export`. Writes each piece of the answer to `sink` as it arrives, then flushes `sink`,
    /// leaves it open, and returns the number of bytes.
    ///
    /// - The export may take hours, and may be larger than your memory. Here `timeout` bounds each wait for the
    ///   service: for its headers, and then for each piece. (The text of an error may have one limit for all of it.)
    ///   The time that `sink` takes doesn't count.
    /// - If the export isn't whole, that's an error, although the sink has a part of it by then.
    pub async fn export(
        &self,
        sink: &mut (impl AsyncWrite + Send + Unpin),
    ) -> Result<u64, ApiError> {
        todo!("pass the export on, piece by piece")
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_http_clients::grade!();
