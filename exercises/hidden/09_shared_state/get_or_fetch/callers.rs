//! Callers of a cache, and the service that it asks.

use std::sync::Arc;

use async_workbook::{
    clock::timed,
    harness::counted,
    services::upstream::{Page, Route, Upstream, UpstreamError},
    verdict::{Fault, ensure},
};
use tokio::{task::JoinHandle, time::timeout};

use super::{LATENCY, faults::*};
use crate::{
    Pages,
    callers::{self, Got, HANGS, caller, without_blocking},
};

pub(super) type Answered = Result<Arc<Page>, UpstreamError>;

pub(super) fn service<const N: usize>(paths: [&str; N]) -> Upstream {
    let builder = Upstream::builder();
    paths
        .iter()
        .fold(builder, |builder, path| builder.page(*path, LATENCY))
        .build()
}

/// A service whose first calls for `users` fail.
pub(super) fn failing_first(calls: usize) -> Upstream {
    failing_first_with(503, calls)
}

pub(super) fn failing_first_with(status: u16, calls: usize) -> Upstream {
    let users = Route::new("users").latency(LATENCY);
    let failing = users.clone().fails(status);
    Upstream::builder()
        .route(users.first(calls, failing))
        .build()
}

pub(super) fn refused_with(status: u16) -> UpstreamError {
    UpstreamError::Status {
        path: "users".into(),
        status,
    }
}

/// A caller who is alone. If it waits for ever, an earlier one left something behind.
pub(super) async fn get(cache: &Arc<dyn Pages>, path: &str) -> Result<Got<Answered>, Fault> {
    let getting = timeout(HANGS, timed(cache.call_get_or_fetch(path)));
    let got = without_blocking("Cache::get_or_fetch", getting).await?;
    got.map_err(|_| claim_left_behind("a caller waited for ever, with no call in flight".into()))
}

pub(super) fn callers(
    cache: &Arc<dyn Pages>,
    path: &str,
    number: usize,
) -> Vec<JoinHandle<Got<Answered>>> {
    let callers = (1..=number).map(|number| labelled(cache, path, &format!("caller {number}")));
    callers.collect()
}

/// One that comes when others are there already.
pub(super) fn latecomer(cache: &Arc<dyn Pages>, path: &str) -> JoinHandle<Got<Answered>> {
    labelled(cache, path, "latecomer")
}

/// One with this name on the timeline.
pub(super) fn labelled(
    cache: &Arc<dyn Pages>,
    path: &str,
    label: &str,
) -> JoinHandle<Got<Answered>> {
    let (cache, path) = (Arc::clone(cache), path.to_owned());
    let calling = async move { cache.call_get_or_fetch(&path).await };
    caller(label, calling)
}

pub(super) use callers::answers;

/// Nobody waits for ever. If some do, another caller tells why: it hangs too if the path is still marked.
pub(super) async fn all_answered(
    cache: &Arc<dyn Pages>,
    path: &str,
    got: Vec<Option<Got<Answered>>>,
) -> Result<Vec<Got<Answered>>, Fault> {
    let all = got.len();
    let answered: Vec<_> = got.into_iter().flatten().collect();
    let hung = all - answered.len();
    if hung > 0 {
        let said = format!("of {}, {hung} waited for ever", counted(all, "caller"));
        let another = timeout(HANGS, cache.call_get_or_fetch(path)).await;
        return Err(match another {
            Ok(_) => waiter_not_woken(said),
            Err(_) => claim_left_behind(format!("{said}, and so did one who came later")),
        });
    }
    Ok(answered)
}

pub(super) fn right_page(path: &str, got: &Answered) -> Result<(), Fault> {
    let page = got.as_ref().map_err(unexpected_error)?;
    let expected = Page {
        path: path.to_owned(),
        body: format!("{path} page"),
    };
    ensure(**page == expected, || data_altered(path, page))
}

pub(super) fn one_in_flight(upstream: &Upstream) -> Result<(), Fault> {
    let most = upstream.high_water();
    ensure(most <= 1, || {
        check_then_fetch(format!(
            "{} for the same page were in flight at the same time",
            counted(most, "call")
        ))
    })
}
