//! The hidden tests of `from_request_parts`.

use std::sync::Arc;

use async_workbook::{
    harness::{Task, ms, task},
    services::{
        secret::Secret,
        upstream::{Route, Upstream},
    },
    verdict::{Fault, ensure, examine},
};

use crate::{
    Answer, ApiError, AppState,
    faults::{Checked, shown, variant},
    scene::{ADA, BOB, Seen, observe, parts, parts_of, state},
};

pub(crate) const TASK: Task<Answer> = task!(
    from_request_parts: a_token_is_its_users,
    everything_else_is_refused,
    nothing_is_called,
    a_near_miss_takes_as_long_as_any,
);

/// An upstream that would know users by their tokens, too.
fn service() -> AppState {
    let known = |path: String| Route::new(path).latency(ms(300));
    let upstream = [ADA, BOB, "ada", "bob"]
        .iter()
        .fold(Upstream::builder(), |builder, name| {
            ["users", "tokens", "sessions"]
                .iter()
                .fold(builder, |builder, kind| {
                    builder.route(known(format!("{kind}/{name}")))
                })
        });
    state(upstream)
}

async fn extracted(answer: &Answer, state: &AppState, headers: &[&[u8]]) -> Seen<String> {
    observe((answer.from_request_parts)(parts(headers), state.clone())).await
}

/// A header as it's written in a request.
fn header(values: &[&[u8]]) -> String {
    match values {
        [] => "without an `Authorization` header".into(),
        [value, ..] => format!("with `Authorization: {}`", String::from_utf8_lossy(value)),
    }
}

fn a_token_is_its_users(answer: &Answer) {
    examine(async |_| {
        let state = service();
        for (token, user) in [(ADA, "ada"), (BOB, "bob")] {
            for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
                let value = format!("{scheme} {token}");
                let seen = extracted(answer, &state, &[value.as_bytes()]).await;
                let came = match &seen.result {
                    Ok(Ok(name)) if name == user => continue,
                    Ok(Ok(name)) => format!("the user {name:?}"),
                    Ok(Err(error)) => variant(error).to_owned(),
                    Err(message) => format!("a panic: {message}"),
                };
                let happened = format!(
                    "for a request {}, there was {came}",
                    header(&[value.as_bytes()])
                );
                let expected = format!("the token is {user}'s, so the user is {user:?}");
                let (name, next) = match &seen.result {
                    Ok(Ok(_)) => (
                        "wrong_user_returned",
                        "compare the token with each secret of `state.tokens`, and take the name that's beside the secret that matches",
                    ),
                    _ if scheme != "Bearer" => (
                        "scheme_case_assumed",
                        "split the header at the space, and compare the first part with `eq_ignore_ascii_case(\"bearer\")`",
                    ),
                    _ => (
                        "valid_token_refused",
                        "take what comes after `Bearer` and the space, and compare it with each secret of `state.tokens`",
                    ),
                };
                return Err(Fault::new(name)
                    .happened(happened)
                    .expected(expected)
                    .next(next));
            }
        }
        Ok(())
    });
}

fn everything_else_is_refused(answer: &Answer) {
    examine(async |_| {
        let state = service();
        let longer = format!("Bearer {ADA}x");
        let basic = format!("Basic {ADA}");
        let others =
            ["Bear", "Bearers", "XBearer", "Token"].map(|scheme| format!("{scheme} {ADA}"));
        let colon = format!("Bearer:{ADA}");
        let together = format!("Bearer{ADA}");
        let quoted = format!("Bearer \"{ADA}\"");
        let list = format!("Bearer {ADA},{BOB}");
        let more = format!("Bearer {ADA} {BOB}");
        let inside = format!("Basic Bearer {ADA}");
        let unknown = "Bearer tok-0000000000";
        let upper = format!("Bearer {}", ADA.to_uppercase());
        let three = format!("Bearer of {ADA}");
        let none: [&[u8]; 0] = [];
        let cases: [&[&[u8]]; 25] = [
            &none,
            &[unknown.as_bytes()],
            &[b"Bearer"],
            &[b"Bearer "],
            &[b""],
            &[b" "],
            &[&longer.as_bytes()[..longer.len() - 2]],
            &[longer.as_bytes()],
            &[basic.as_bytes()],
            &[others[0].as_bytes()],
            &[others[1].as_bytes()],
            &[others[2].as_bytes()],
            &[others[3].as_bytes()],
            &[colon.as_bytes()],
            &[together.as_bytes()],
            &[quoted.as_bytes()],
            &[list.as_bytes()],
            &[more.as_bytes()],
            &[inside.as_bytes()],
            &[ADA.as_bytes()],
            &[upper.as_bytes()],
            &[three.as_bytes()],
            &[b"Bearer \xff\xfe\xfd"],
            &[b"\xff"],
            &[b"B"],
        ];
        for values in cases {
            let seen = extracted(answer, &state, values).await;
            refused(&header(values), &seen)?;
        }
        token_elsewhere(answer, &state).await?;
        token_of_another_service(answer, &state).await
    });
}

/// The header counts, and no other place that has a token.
async fn token_elsewhere(answer: &Answer, state: &AppState) -> Checked {
    let query = format!("/dashboard?access_token={ADA}&token={ADA}");
    let (bearer, pair) = (format!("Bearer {ADA}"), format!("token={ADA}"));
    for (path, name, value) in [
        (query.as_str(), "accept", "*/*"),
        ("/dashboard", "cookie", pair.as_str()),
        ("/dashboard", "proxy-authorization", bearer.as_str()),
        ("/dashboard", "x-api-key", bearer.as_str()),
        ("/dashboard", "x-api-key", ADA),
    ] {
        let parts = parts_of(path, &[(name, value.as_bytes())]);
        let seen = observe((answer.from_request_parts)(parts, state.clone())).await;
        let request = format!("for `{path}` with `{name}: {value}` and no `Authorization` header");
        refused(&request, &seen)?;
    }
    Ok(())
}

/// A token that this service lets in, and another one in the same process doesn't know.
async fn token_of_another_service(answer: &Answer, state: &AppState) -> Checked {
    let value = format!("Bearer {ADA}");
    let headers: [&[u8]; 1] = [value.as_bytes()];
    extracted(answer, state, &headers).await;
    let other = AppState {
        tokens: Arc::new(vec![(Secret::new(BOB), "bob".into())]),
        ..state.clone()
    };
    let seen = extracted(answer, &other, &headers).await;
    let request = format!(
        "to a service that doesn't know the token, {}",
        header(&headers)
    );
    refused(&request, &seen)
}

/// `request` says what the request was like.
fn refused(request: &str, seen: &Seen<String>) -> Checked {
    match &seen.result {
        Ok(Err(ApiError::Unauthorized)) => Ok(()),
        Ok(Ok(name)) => Err(Fault::new("wrong_token_accepted")
            .happened(format!("a request {request} was let in as {name:?}"))
            .expected("only `Bearer`, a space and a whole token let somebody in")
            .next("compare the word before the space with `bearer`, and the whole of what comes after it with each secret")),
        Ok(Err(error)) => Err(Fault::new("wrong_error_returned")
            .happened(format!("for a request {request}, the extractor returned {}", variant(error)))
            .expected("it returns `ApiError::Unauthorized`, whatever is wrong with the header")
            .next("return `Err(ApiError::Unauthorized)` wherever the header, the word or the token isn't right")),
        Err(message) => Err(Fault::new("panic_on_bad_request")
            .happened(format!("for a request {request}, the extractor panicked: {message}"))
            .expected("nothing that a client sends makes the service panic")
            .next("replace each `unwrap`, `expect` and index by `ok_or(ApiError::Unauthorized)?` or the like")),
    }
}

fn nothing_is_called(answer: &Answer) {
    examine(async |recorder| {
        for token in [ADA, "tok-0000000000"] {
            let state = service();
            recorder.restart();
            let value = format!("Bearer {token}");
            let seen = extracted(answer, &state, &[value.as_bytes()]).await;
            let calls = state.upstream.calls().len() + state.bank.sessions_opened();
            ensure(calls == 0 && seen.took == 0, || {
                Fault::new("call_made_before_check")
                    .happened(format!(
                        "for a request {}, the extractor called another service, or waited for {}",
                        header(&[value.as_bytes()]),
                        shown(seen.took)
                    ))
                    .expected("`state.tokens` has all that's needed: a request without a valid token costs nobody anything")
                    .next("remove the call, and look for the token in `state.tokens`")
            })?;
        }
        Ok(())
    });
}

/// Each secret is looked at as much, wherever the guess goes wrong.
fn a_near_miss_takes_as_long_as_any(answer: &Answer) {
    examine(async |_| {
        let state = service();
        let looked_at = async |guess: String| {
            let before: Vec<_> = state
                .tokens
                .iter()
                .map(|(secret, _)| secret.looked_at())
                .collect();
            let value = format!("Bearer {guess}");
            extracted(answer, &state, &[value.as_bytes()]).await;
            let after = state.tokens.iter().map(|(secret, _)| secret.looked_at());
            std::iter::zip(after, before)
                .map(|(after, before)| after - before)
                .sum::<usize>()
        };
        let early = looked_at(format!("X{}", &ADA[1..])).await;
        for at in (1..ADA.len()).rev() {
            let late = looked_at(format!("{}X{}", &ADA[..at], &ADA[at + 1..])).await;
            ensure(early == late, || {
                Fault::new("token_compared_byte_by_byte")
                    .happened(format!(
                        "the comparison looked at {early} bytes for a token that's wrong at byte 1, and at {late} for one that's wrong at byte {}. Somebody who can measure that finds the token byte by byte",
                        at + 1
                    ))
                    .expected("it looks at as many bytes, wherever the token goes wrong")
                    .next("replace `==` by `secret.matches(token)`")
            })?;
        }
        Ok(())
    });
}
