//! The two routes that need a token have the limits as well.

use async_workbook::{
    services::bank::Bank,
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine},
};
use axum::{body::Body, http::Request};
use tokio::task::JoinSet;

use super::{
    AT_ONCE, PATIENCE,
    routes::{dashboard_alone, transfer_alone, users_can_sign_in},
    service,
    time::{in_time, patiently},
};
use crate::{
    Answer, AppState, Order,
    faults::Checked,
    scene::{ADA, LONG, ask, get, get_as, hang_up, pages, post, state, turns, with_bank},
};

/// A route that needs a token.
#[derive(Clone, Copy)]
enum Private {
    Dashboard,
    Transfers,
}

impl Private {
    fn name(self) -> &'static str {
        match self {
            Self::Dashboard => "GET /dashboard",
            Self::Transfers => "POST /transfers",
        }
    }

    fn request(self) -> Request<Body> {
        match self {
            Self::Dashboard => get_as(ADA, "/dashboard"),
            Self::Transfers => post(Some(ADA), "/transfers", r#"{"to": "bob", "cents": 200}"#),
        }
    }

    /// Whether the handler does its part, by itself: one that fails, or doesn't wait for slow services, is told of by its
    /// own task.
    async fn works(self, answer: &Answer) -> bool {
        let (state, long) = (slow_services(), PATIENCE + 1000);
        match self {
            Self::Dashboard => {
                let slow = (answer.dashboard)(state, "ada".into(), 0, 10);
                dashboard_alone(answer).await.is_some() && hang_up(long, catch_panic(slow)).await
            }
            Self::Transfers => {
                let order = Order {
                    to: "bob".into(),
                    cents: 200,
                };
                let slow = (answer.transfer)(state, "ada".into(), order);
                transfer_alone(answer).await.is_some() && hang_up(long, catch_panic(slow)).await
            }
        }
    }
}

/// What the handlers of both routes wait for takes an hour.
fn slow_services() -> AppState {
    let slow = pages(0..AT_ONCE, 3000).page("users/ada", LONG);
    let slow = slow.page("orders/ada/0/10", LONG).page("stats/ada", LONG);
    with_bank(slow, Bank::new(LONG).account("ada", 500))
}

/// How many requests of this route are being handled.
fn begun(route: Private, state: &AppState) -> usize {
    match route {
        Private::Dashboard => {
            let calls = state.upstream.calls();
            let begun = |path: &str| calls.iter().filter(|call| call.path == path).count();
            let paths = ["users/ada", "orders/ada/0/10", "stats/ada"];
            paths.into_iter().map(begun).max().unwrap_or_default()
        }
        Private::Transfers => state.bank.sessions_opened(),
    }
}

/// Whether the handler itself can be called so often at once, without a router around it.
async fn each_begins(answer: &Answer, route: Private) -> bool {
    let state = slow_services();
    let mut handlers = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (state, to) = (state.clone(), "bob".into());
        match route {
            Private::Dashboard => {
                let handler = (answer.dashboard)(state, "ada".into(), 0, 10);
                handlers.spawn(async move { drop(handler.await) })
            }
            Private::Transfers => {
                let handler = (answer.transfer)(state, "ada".into(), Order { to, cents: 200 });
                handlers.spawn(async move { drop(handler.await) })
            }
        };
    }
    turns(500).await;
    begun(route, &state) == AT_ONCE
}

/// A request takes one place, whatever its route.
async fn all_places_are_used(answer: &Answer, route: Private, recorder: &Recorder) -> Checked {
    if !each_begins(answer, route).await {
        return Ok(());
    }
    let state = slow_services();
    let app = service(answer, &state);
    recorder.restart();
    let _asked: Vec<_> = (0..AT_ONCE + 2)
        .map(|_| ask(&app, route.request()))
        .collect();
    turns(500).await;
    let begun = begun(route, &state);
    ensure(begun == AT_ONCE, || {
        let name = match begun < AT_ONCE {
            true => "limit_too_low",
            false => "limit_not_enforced",
        };
        Fault::new(name)
            .happened(format!(
                "{} requests `{}` came at the same time, and {begun} of them were handled at once",
                AT_ONCE + 2,
                route.name()
            ))
            .expected(format!(
                "{AT_ONCE} are handled at once, and the others wait"
            ))
            .next("let each request take one permit, whatever its route")
    })
}

pub(super) fn the_other_routes_have_both_limits(answer: &Answer) {
    examine(async |recorder| {
        if !users_can_sign_in(answer, &state(pages(0..0, 0))).await {
            return Ok(());
        }
        for route in [Private::Dashboard, Private::Transfers] {
            if !route.works(answer).await {
                continue;
            }
            let state = slow_services();
            let app = service(answer, &state);
            recorder.restart();
            let others = (0..AT_ONCE).map(|number| ask(&app, get(&format!("/users/{number}"))));
            let others: Vec<_> = others.collect();
            turns(200).await;
            let asked = ask(&app, route.request());
            turns(200).await;
            let begun = state.upstream.hits() > AT_ONCE || state.bank.sessions_opened() > 0;
            ensure(!begun, || {
                Fault::new("limit_not_enforced")
                    .happened(format!("{AT_ONCE} requests were being handled, and `{}` was handled beside them", route.name()))
                    .expected(format!("all routes together handle {AT_ONCE} requests at once"))
                    .next("in `app`, add all four routes before the layers: a layer is around the routes that are there when it's added")
            })?;
            drop(others);
            let what = format!("`{}`, which takes an hour,", route.name());
            in_time(&what, patiently(asked).await)?;
            all_places_are_used(answer, route, recorder).await?;
        }
        Ok(())
    });
}
