//! Services with one route, right and wrong ones.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex as SyncMutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use axum::{
    Json, Router,
    extract::{Path, State, rejection::PathRejection},
    http::{
        StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE},
    },
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde_json::json;
use tokio::{
    sync::{Mutex, OnceCell},
    task::yield_now,
    time::timeout,
};
use tracing::{Instrument as _, info_span};

/// In what a service differs from the simplest right one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    // Right ones.
    Simple,
    /// Its JSON has the fields in another order and spaces between them, and its errors have other words.
    Spaced,
    /// It yields before it calls the upstream, and before it answers.
    Unhurried,
    /// It handles each request in a task, which goes on if its client has gone, and has another task make the call.
    OnTasks,

    // Wrong ones.
    FirstRate,
    AnyThree,
    AnyCapitals,
    CallsFirst,
    NotFoundIsBadGateway,
    AllIsNotFound,
    ErrorsAreOk,
    FailureIsInternal,
    RateAsText,
    ErrorAsText,
    TellsThePath,
    NoTimeout,
    LateTimeout,
    EarlyTimeout,
    CallGoesOn,
    OneAtATime,
    RemembersEach,
    AnyClientErrorIsMissing,
    AnyAlphabet,
    TellsTheStatus,
}

struct Service {
    upstream: Upstream,
    kind: Kind,
    first: OnceCell<String>,
    known: SyncMutex<HashMap<String, String>>,
    turn: Mutex<()>,
}

pub(crate) fn service(upstream: Upstream, kind: Kind) -> Router {
    let service = Arc::new(Service {
        upstream,
        kind,
        first: OnceCell::new(),
        known: SyncMutex::default(),
        turn: Mutex::new(()),
    });
    Router::new()
        .route("/rates/{currency}", get(handle))
        // A segment of a path isn't empty.
        .route("/rates/", get(handle))
        .with_state(service)
}

async fn handle(
    State(service): State<Arc<Service>>,
    currency: Result<Path<String>, PathRejection>,
) -> Response {
    // What isn't there, or isn't text, isn't a currency.
    let currency = currency.map_or_else(|_| String::new(), |Path(currency)| currency);
    let label = format!("GET /rates/{currency}");
    let span = info_span!("request", label);
    let answer = async move {
        let kind = service.kind;
        let answer = async move { service.answer(currency).await }.in_current_span();
        match kind {
            Kind::OnTasks => tokio::spawn(answer).await.expect("it doesn't panic"),
            _ => answer.await,
        }
    };
    answer.instrument(span).await
}

/// What a service says of a failure.
type Refusal = (StatusCode, String);

impl Service {
    async fn answer(&self, currency: String) -> Response {
        let rate = match self.kind {
            Kind::Unhurried => {
                yield_now().await;
                let rate = self.rate(&currency).await;
                yield_now().await;
                rate
            }
            _ => self.rate(&currency).await,
        };
        match rate {
            Ok(rate) => self.found(&currency, &rate),
            Err((status, words)) => self.failed(status, &words),
        }
    }

    async fn rate(&self, currency: &str) -> Result<String, Refusal> {
        let path = format!("rates/{currency}");
        if self.kind == Kind::CallsFirst {
            let fetched = self.fetched(path).await;
            self.check(currency)?;
            return Ok(fetched?.body);
        }
        self.check(currency)?;
        if self.kind == Kind::FirstRate {
            let first = async { Ok::<_, Refusal>(self.fetched(path).await?.body) };
            return self.first.get_or_try_init(|| first).await.cloned();
        }
        if self.kind == Kind::RemembersEach {
            let known = self.known().get(currency).cloned();
            if let Some(rate) = known {
                return Ok(rate);
            }
            let rate = self.fetched(path).await?.body;
            self.known().insert(currency.to_owned(), rate.clone());
            return Ok(rate);
        }
        Ok(self.fetched(path).await?.body)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check(&self, currency: &str) -> Result<(), Refusal> {
        let has_three = currency.len() == 3;
        let has_capitals = currency.bytes().all(|byte| byte.is_ascii_uppercase());
        let is_sound = match self.kind {
            Kind::AnyThree => has_three,
            Kind::AnyCapitals => has_capitals,
            Kind::AnyAlphabet => {
                currency.chars().count() == 3 && currency.chars().all(char::is_uppercase)
            }
            _ => has_three && has_capitals,
        };
        match is_sound {
            true => Ok(()),
            false => Err((
                StatusCode::BAD_REQUEST,
                "a currency has three capital letters".into(),
            )),
        }
    }

    async fn fetched(&self, path: String) -> Result<Page, Refusal> {
        let _turn = match self.kind {
            Kind::OneAtATime => Some(self.turn.lock().await),
            _ => None,
        };
        let patience = Duration::from_millis(match self.kind {
            Kind::NoTimeout => 24 * 60 * 60 * 1000,
            Kind::LateTimeout => 5_100,
            Kind::EarlyTimeout => 4_000,
            _ => 5_000,
        });
        let upstream = self.upstream.clone();
        let call = async move { upstream.get(&path).await };
        let fetched = match self.kind {
            Kind::CallGoesOn | Kind::OnTasks => {
                let mut task = tokio::spawn(call.in_current_span());
                let fetched = timeout(patience, &mut task).await;
                if fetched.is_err() && self.kind == Kind::OnTasks {
                    task.abort();
                }
                fetched.map(|fetched| fetched.expect("the call doesn't panic"))
            }
            _ => timeout(patience, call).await,
        };
        let too_slow = (StatusCode::GATEWAY_TIMEOUT, "it took too long".to_owned());
        fetched
            .map_err(|_elapsed| too_slow)?
            .map_err(|error| self.refusal(&error))
    }

    fn refusal(&self, error: &UpstreamError) -> Refusal {
        let is_missing = matches!(error, UpstreamError::Status { status: 404, .. });
        let is_client_error = matches!(
            error,
            UpstreamError::Status {
                status: 400..500,
                ..
            }
        );
        let status = match (self.kind, is_missing) {
            (Kind::NotFoundIsBadGateway, true) => StatusCode::BAD_GATEWAY,
            (Kind::AllIsNotFound, false) | (_, true) => StatusCode::NOT_FOUND,
            (Kind::AnyClientErrorIsMissing, false) if is_client_error => StatusCode::NOT_FOUND,
            (Kind::FailureIsInternal, false) => StatusCode::INTERNAL_SERVER_ERROR,
            (_, false) => StatusCode::BAD_GATEWAY,
        };
        let words = match (self.kind, is_missing) {
            (Kind::TellsThePath, _) => {
                let (UpstreamError::Status { path, .. } | UpstreamError::Transport { path, .. }) =
                    error;
                format!("there is no page {path}")
            }
            (Kind::TellsTheStatus, _) => match error {
                UpstreamError::Status { status, .. } => format!("the upstream said {status}"),
                UpstreamError::Transport { .. } => "the upstream said nothing".into(),
            },
            (_, true) => "there is no such currency".into(),
            (_, false) => "another service failed".into(),
        };
        (status, words)
    }

    fn found(&self, currency: &str, rate: &str) -> Response {
        match self.kind {
            Kind::RateAsText => {
                let body = json!({ "currency": currency, "rate": rate });
                body.to_string().into_response()
            }
            Kind::Spaced => {
                let (rate, currency) = (json!(rate), json!(currency));
                let body = format!("{{ \"rate\": {rate},\n  \"currency\": {currency} }}\n");
                as_json(StatusCode::OK, body)
            }
            _ => Json(json!({ "currency": currency, "rate": rate })).into_response(),
        }
    }

    fn failed(&self, status: StatusCode, words: &str) -> Response {
        match self.kind {
            Kind::ErrorsAreOk => Json(json!({ "error": words })).into_response(),
            Kind::ErrorAsText => (status, words.to_owned()).into_response(),
            Kind::Spaced => {
                let words = json!(format!("Sorry: {words}. We wait 5 s, and no more."));
                as_json(status, format!("{{ \"error\": {words} }}"))
            }
            _ => (status, Json(json!({ "error": words }))).into_response(),
        }
    }
}

fn as_json(status: StatusCode, body: String) -> Response {
    let length = body.len().to_string();
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_LENGTH, length),
    ];
    (status, headers, body).into_response()
}
