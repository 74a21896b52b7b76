//! What the routes answer, each alone.

use async_workbook::{
    harness::{counted, ms},
    services::upstream::{Route, Upstream},
    verdict::{Fault, catch_panic_blocking, ensure, examine},
};
use axum::{Router, http::StatusCode};

use super::service;
use crate::{
    Answer, ApiError, AppState, Order,
    faults::Checked,
    scene::{ADA, Reply, ask, get, get_as, observe, parts, post, state},
};

/// A route that isn't there answers 404 or 405, without words of ours.
fn missing(route: &str, reply: &Reply) -> Fault {
    Fault::new("route_missing")
        .happened(format!("`{route}` was answered {}, with the body `{}`", reply.status, reply.body))
        .expected("the service has the four routes of the tasks")
        .next("add the route to `app`, with the method and the path that its task names; a number in a path is written `{id}`")
}

fn answered(route: &str, reply: &Reply, status: StatusCode) -> Checked {
    ensure(reply.status == status, || {
        Fault::new("wrong_status_returned")
            .happened(format!(
                "`{route}` was answered {}, with the body `{}`",
                reply.status, reply.body
            ))
            .expected(format!("it's answered {status}"))
            .next("in `app`, leave the responses of the handlers as they are")
    })
}

pub(super) fn every_route_answers(answer: &Answer) {
    examine(async |recorder| {
        let known = |path: &str| Route::new(path).latency(ms(100));
        let upstream = Upstream::builder()
            .route(known("users/7"))
            .route(known("orders/7"))
            .route(known("users/50").fails(503))
            .route(known("orders/50").fails(503));
        let state = state(upstream);
        let app = service(answer, &state);
        recorder.restart();
        for kind in ["users", "orders"] {
            let path = format!("/{kind}/7");
            let reply = ask(&app, get(&path)).answer().await;
            let page = format!("{kind}/7 page");
            ensure(reply.status == StatusCode::OK, || {
                missing(&format!("GET {path}"), &reply)
            })?;
            ensure(reply.body.contains(&page), || {
                Fault::new("wrong_path_fetched")
                    .happened(format!(
                        "`GET {path}` was answered with the body `{}`",
                        reply.body
                    ))
                    .expected(format!("its body has what the upstream's {kind}/7 has"))
                    .next("in `app`, give each path the handler that the stub names above it")
            })?;
            asked_once(&app, &state, kind).await?;
            let path = format!("/{kind}/8");
            let reply = ask(&app, get(&path)).answer().await;
            answered(&format!("GET {path}"), &reply, StatusCode::NOT_FOUND)?;
            let path = format!("/{kind}/seven");
            let reply = ask(&app, get(&path)).answer().await;
            answered(&format!("GET {path}"), &reply, StatusCode::BAD_REQUEST)?;
        }
        Ok(())
    });
}

/// Each request makes its call, and no other.
async fn asked_once(app: &Router, state: &AppState, kind: &str) -> Checked {
    for (path, name, expected) in [
        (
            format!("/{kind}/7"),
            "unrequested_cache",
            "the service asks the upstream again for each request: what's kept goes out of date",
        ),
        (
            format!("/{kind}/50"),
            "unrequested_retry",
            "the service asks the upstream once, and passes the failure on",
        ),
    ] {
        let before = state.upstream.hits();
        ask(app, get(&path)).answer().await;
        let calls = counted(state.upstream.hits() - before, "call");
        ensure(calls == "1 call", || {
            Fault::new(name)
                .happened(format!("for `GET {path}`, the service made {calls}"))
                .expected(expected)
                .next("in `app`, add the two limits around the routes, and no other layer")
        })?;
    }
    Ok(())
}

/// Whether the extractor does its part, by itself: a service whose extractor doesn't is told of it by that task.
pub(super) async fn users_can_sign_in(answer: &Answer, state: &AppState) -> bool {
    let token = format!("Bearer {ADA}");
    let known = observe((answer.from_request_parts)(
        parts(&[token.as_bytes()]),
        state.clone(),
    ))
    .await;
    let unknown = observe((answer.from_request_parts)(parts(&[]), state.clone())).await;
    let refused = catch_panic_blocking(|| (answer.into_response)(ApiError::Unauthorized).status());
    matches!(&known.result, Ok(Ok(name)) if name == "ada")
        && known.took == 0
        && matches!(&unknown.result, Ok(Err(ApiError::Unauthorized)))
        && refused == Ok(StatusCode::UNAUTHORIZED)
}

/// Without a token, the two routes that need one answer 401, whatever else is wrong with the request.
pub(super) fn tokens_are_needed(answer: &Answer) {
    examine(async |recorder| {
        let order = r#"{"to": "bob", "cents": 200}"#;
        let state = with_pages();
        let can_sign_in = users_can_sign_in(answer, &state).await;
        let app = service(answer, &state);
        recorder.restart();
        for (route, request) in [
            ("GET /dashboard", get("/dashboard")),
            ("GET /dashboard?limit=0", get("/dashboard?limit=0")),
            ("POST /transfers", post(None, "/transfers", order)),
            ("POST /transfers", post(None, "/transfers", "no JSON")),
        ] {
            let reply = ask(&app, request).answered_or_panicked().await;
            // The router's own answers have no words.
            let is_missing = reply.as_ref().is_some_and(|reply| match reply.status {
                StatusCode::NOT_FOUND => reply.body.is_empty(),
                status => status == StatusCode::METHOD_NOT_ALLOWED,
            });
            let Some(reply) = reply.filter(|_| can_sign_in || is_missing) else {
                continue;
            };
            ensure(!is_missing, || missing(route, &reply))?;
            ensure(reply.status == StatusCode::UNAUTHORIZED, || {
                Fault::new("request_read_before_the_token")
                    .happened(format!("`{route}` without a token was answered {}", reply.status))
                    .expected("it's answered 401, whatever else is wrong with the request")
                    .next("extractors run from left to right: in the handler, take `CurrentUser` before `Query` and `Json`")
            })?;
        }
        let calls = state.upstream.hits() + state.bank.sessions_opened();
        ensure(calls == 0 || !can_sign_in, || {
            Fault::new("call_made_before_check")
                .happened("for a request without a token, the service called another one")
                .expected("a request without a valid token costs nobody anything")
                .next(
                    "leave the check to the extractor `CurrentUser`, which runs before the handler",
                )
        })?;
        if !can_sign_in {
            return Ok(());
        }
        for (route, request, alone) in [
            (
                "GET /dashboard",
                get_as(ADA, "/dashboard"),
                dashboard_alone(answer).await,
            ),
            (
                "POST /transfers",
                post(Some(ADA), "/transfers", order),
                transfer_alone(answer).await,
            ),
        ] {
            if let Some(status) = alone {
                let reply = ask(&app, request).answer().await;
                answered(route, &reply, status)?;
            }
        }
        Ok(())
    });
}

fn with_pages() -> AppState {
    let pages = ["users/ada", "orders/ada/0/10", "stats/ada"].iter();
    state(pages.fold(Upstream::builder(), |builder, path| {
        builder.route(Route::new(*path).latency(ms(100)).body("all is well"))
    }))
}

/// The status of a dashboard that's asked of the handler itself, if it succeeds.
pub(super) async fn dashboard_alone(answer: &Answer) -> Option<StatusCode> {
    let alone = observe((answer.dashboard)(with_pages(), "ada".into(), 0, 10)).await;
    matches!(alone.result, Ok(Ok(_))).then_some(StatusCode::OK)
}

/// The same of a transfer.
pub(super) async fn transfer_alone(answer: &Answer) -> Option<StatusCode> {
    let order = Order {
        to: "bob".into(),
        cents: 200,
    };
    let alone = observe((answer.transfer)(with_pages(), "ada".into(), order)).await;
    alone.result.ok()?.ok().map(|(status, _)| status)
}
