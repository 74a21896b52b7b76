//! The hidden tests of `into_response`.

use async_workbook::{
    harness::{Task, task},
    services::upstream::UpstreamError,
    verdict::{Fault, ensure, examine},
};
use axum::{
    body::to_bytes,
    http::{
        StatusCode,
        header::{CONTENT_TYPE, HeaderMap, WWW_AUTHENTICATE},
    },
};

use crate::{Answer, ApiError, faults::variant};

pub(crate) const TASK: Task<Answer> = task!(
    into_response: each_error_has_its_status,
    clients_get_words_in_json,
    a_401_says_how_to_sign_in,
    nothing_inside_is_told,
    what_is_for_the_client_is_told,
);

/// What must not be told.
const INSIDE: [&str; 5] = ["postgres", "hunter2", "10.0.7.3", "/srv/ledger", "599"];

fn errors() -> Vec<(ApiError, StatusCode)> {
    let broken = UpstreamError::Transport {
        path: "/srv/ledger".into(),
        reason: "connection to 10.0.7.3:8080 refused".into(),
    };
    let failed = [503, 404, 599].map(|status| {
        let path = "/srv/ledger".into();
        ApiError::Upstream(UpstreamError::Status { path, status })
    });
    let limit = "`limit` is from 1 to 100";
    let quoted = "\"zehn\" isn't a number:\n\twrite `limit=10`, not “zehn”";
    let panicked = "no route to postgres://bank:hunter2@10.0.7.3";
    let mut errors = vec![
        (ApiError::Unauthorized, StatusCode::UNAUTHORIZED),
        (ApiError::NotFound, StatusCode::NOT_FOUND),
        (ApiError::Conflict, StatusCode::CONFLICT),
        (
            ApiError::Invalid(limit.into()),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            ApiError::Invalid(quoted.into()),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            ApiError::Internal(panicked.into()),
            StatusCode::INTERNAL_SERVER_ERROR,
        ),
        (ApiError::Upstream(broken), StatusCode::BAD_GATEWAY),
        (ApiError::Timeout, StatusCode::GATEWAY_TIMEOUT),
    ];
    errors.extend(failed.map(|error| (error, StatusCode::BAD_GATEWAY)));
    errors
}

/// The response to an error, with its body as text.
struct Told {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Told {
    async fn of(answer: &Answer, error: ApiError) -> Self {
        let (parts, body) = (answer.into_response)(error).into_parts();
        let body = to_bytes(body, usize::MAX).await;
        let body = body.expect("a body in memory doesn't break off");
        Self {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    /// The text of `error`, if the body is JSON that has one.
    fn error(&self) -> Option<String> {
        let body: serde_json::Value = serde_json::from_str(&self.body).ok()?;
        Some(body.get("error")?.as_str()?.to_owned())
    }
}

fn each_error_has_its_status(answer: &Answer) {
    examine(async |_| {
        for (error, status) in errors() {
            let name = variant(&error);
            let told = Told::of(answer, error).await;
            ensure(told.status == status, || {
                Fault::new("wrong_status_returned")
                    .happened(format!(
                        "the response to {name} has the status {}",
                        told.status
                    ))
                    .expected(format!("it has the status {status}"))
                    .next(format!(
                        "in `into_response`, give {name} the status that's written above it"
                    ))
            })?;
        }
        Ok(())
    });
}

fn clients_get_words_in_json(answer: &Answer) {
    examine(async |_| {
        for (error, _) in errors() {
            let name = variant(&error);
            let told = Told::of(answer, error).await;
            let is_json = told
                .headers
                .get(CONTENT_TYPE)
                .and_then(|kind| kind.to_str().ok())
                .and_then(|kind| kind.split(';').next())
                .is_some_and(|kind| {
                    let kind = kind.trim().to_ascii_lowercase();
                    kind == "application/json" || kind.ends_with("+json")
                });
            let words = told.error();
            ensure(is_json && words.is_some(), || {
                let kind = told
                    .headers
                    .get(CONTENT_TYPE)
                    .map(|kind| format!("{kind:?}"));
                Fault::new("error_body_not_json")
                    .happened(format!(
                        "the response to {name} has the content type {} and the body `{}`",
                        kind.as_deref().unwrap_or("(none)"),
                        told.body
                    ))
                    .expected("its content type is \"application/json\", and its body is JSON such as `{\"error\": \"it took too long\"}`")
                    .next("put `Json(serde_json::json!({ \"error\": … }))` after the status, which writes the body and sets the header")
            })?;
            let words = words.unwrap_or_default();
            ensure(!words.trim().is_empty(), || {
                Fault::new("error_detail_lost")
                    .happened(format!(
                        "to {name}, the client reads `{}`, which has no words",
                        told.body
                    ))
                    .expected("the client reads what went wrong, as far as that's its business")
                    .next("give each variant words of its own, such as \"it took too long\"")
            })?;
        }
        Ok(())
    });
}

fn a_401_says_how_to_sign_in(answer: &Answer) {
    examine(async |_| {
        let told = Told::of(answer, ApiError::Unauthorized).await;
        let challenge = told.headers.get(WWW_AUTHENTICATE);
        let is_bearer = challenge.is_some_and(|challenge| {
            challenge
                .as_bytes()
                .get(..6)
                .is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer"))
        });
        ensure(is_bearer, || {
            Fault::new("challenge_missing")
                .happened("the 401 has no header `WWW-Authenticate: Bearer`")
                .expected("a 401 says how to sign in: HTTP requires this header")
                .next("add `[(WWW_AUTHENTICATE, \"Bearer\")]` between the status and the body: a tuple of status, headers and body is a response")
        })
    });
}

fn nothing_inside_is_told(answer: &Answer) {
    examine(async |_| {
        for (error, _) in errors() {
            let (name, inside) = (variant(&error), format!("{error:?}"));
            let told = Told::of(answer, error).await;
            let headers = format!("{:?}", told.headers);
            let leaked = INSIDE.iter().find(|secret| {
                inside.contains(**secret)
                    && (told.body.contains(**secret) || headers.contains(**secret))
            });
            ensure(leaked.is_none(), || {
                Fault::new("error_detail_leaked")
                    .happened(format!("to {name}, the client reads `{}`", told.body))
                    .expected("the client reads that something failed. Which host, path, query or status it was is for the log")
                    .next(format!("in `into_response`, give {name} fixed words, and pass what it holds to `tracing::error!`"))
            })?;
        }
        Ok(())
    });
}

fn what_is_for_the_client_is_told(answer: &Answer) {
    examine(async |_| {
        for (error, _) in errors() {
            let ApiError::Invalid(reason) = &error else {
                continue;
            };
            let reason = reason.clone();
            let told = Told::of(answer, error).await;
            let words = told.error().unwrap_or_default();
            ensure(words.contains(&reason), || {
                Fault::new("error_detail_lost")
                    .happened(format!(
                        "for `ApiError::Invalid({reason:?})`, the client reads `{}`",
                        told.body
                    ))
                    .expected("the client reads the text, which says what it has to change")
                    .next("put the text of `ApiError::Invalid` into the JSON, as it is")
            })?;
        }
        Ok(())
    });
}
