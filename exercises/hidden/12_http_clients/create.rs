//! The hidden tests of `create`.

mod attempts;
mod deadline;
mod request;

use std::time::Duration;

use async_workbook::{
    harness::{Task, ms, task},
    timeline::Recorder,
    verdict::{Fault, ensure, examine, show},
};

use crate::{
    Answer, Fetched,
    faults::{
        at_once, body_left_unread, ended_with_the_caller, not_asked, one_client, one_connection,
        wait_together,
    },
    pictures::connections,
    reply::{Reply, piece},
    scene::{Call, Checked, Ended, Scene, new_ids},
    service::{Seen, Service},
};
use attempts::{
    a_busy_service_is_asked_again, a_permanent_error_is_final, attempts_come_to_an_end,
    each_user_has_its_own_key, retry_after_is_honoured, the_key_stays_the_same,
    what_was_lost_on_the_way_is_sent_again,
};
use deadline::{
    a_long_retry_after_is_not_waited_for, a_slow_service_is_given_up, the_limit_bounds_all_attempts,
};
use request::{basics, it_sends_the_user, names_are_escaped};

pub(crate) const TASK: Task<Answer> = task!(
    create: it_sends_the_user,
    names_are_escaped,
    a_busy_service_is_asked_again,
    the_key_stays_the_same,
    each_user_has_its_own_key,
    retry_after_is_honoured,
    a_permanent_error_is_final,
    attempts_come_to_an_end,
    what_was_lost_on_the_way_is_sent_again,
    a_slow_service_is_given_up,
    a_long_retry_after_is_not_waited_for,
    the_limit_bounds_all_attempts,
    requests_share_a_connection,
    refused_requests_share_it_too,
    calls_at_once_wait_together,
    it_ends_with_its_caller,
);

const FUNCTION: &str = "create";
const LIMIT: Duration = ms(20_000);
const TOKEN: &str = "s3cret";

/// A call of `create` with a limit. `None` if it hasn't ended after `patience`.
async fn call(
    answer: &Answer,
    scene: &Scene,
    base: &str,
    limit: Duration,
    patience: Duration,
) -> Option<Ended<Fetched>> {
    let api = (answer.api)(base, limit);
    let call = Call::start(async move { api.call_create("Ada", TOKEN).await });
    scene.end_of(patience, call).await
}

/// Creates a user of the name that it's told, and numbers them.
fn created(seen: &Seen) -> Reply {
    let [id] = new_ids();
    Reply::created(id, &request::name_in(seen).unwrap_or_default())
}

fn requests_share_a_connection(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(created).await;
        let api = (answer.api)(&service.base, LIMIT);
        for _ in 0..20 {
            let api = api.clone();
            let call = Call::start(async move { api.call_create("Ada", TOKEN).await });
            at_once(FUNCTION, scene.end_at_once(LIMIT, call).await, LIMIT)?.ok();
            scene.settle().await;
        }
        recorder.restart();
        one_connection(FUNCTION, &service)?;
        show(|| connections(&service.requests()));
        with_the_other_functions(answer, recorder).await
    });
}

/// A user is created, and asked for, in turn.
async fn with_the_other_functions(answer: &Answer, recorder: &Recorder) -> Checked {
    let scene = Scene::new(recorder);
    let service = Service::start(|seen| match seen.method.as_str() {
        "GET" => Reply::user(seen.id()),
        _ => created(seen),
    });
    let service = service.await;
    let api = (answer.api)(&service.base, LIMIT);
    for turn in 1..=10 {
        let called = api.clone();
        let call = Call::start(async move { called.call_create("Ada", TOKEN).await });
        let result = at_once(FUNCTION, scene.end_at_once(LIMIT, call).await, LIMIT)?;
        scene.settle().await;
        let [another] = new_ids();
        let (id, called) = (result.map_or(another, |user| user.id), api.clone());
        let call = Call::start(async move { called.call_user(id).await });
        scene.end_of(LIMIT, call).await;
        scene.settle().await;
        ensure(service.hits() == 2 * turn, || {
            Fault::new("unrequested_cache")
                .happened("`create` was followed by `user` with the new user's id, and `user` sent the service no request")
                .expected("each call asks the service: the user may have changed")
                .next("in `create`, don't keep the user that it returns")
        })?;
    }
    one_client(FUNCTION, "user", &service)
}

/// Every other request is refused, with more text than fits into what the client has read together with the headers.
fn refused_requests_share_it_too(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(|seen| match seen.number % 2 {
            1 => {
                let page = || piece("come back later. ".repeat(6_000));
                Reply::new(429, vec![page(), page(), page()]).header("retry-after", "0")
            }
            _ => created(seen),
        });
        let service = service.await;
        let api = (answer.api)(&service.base, LIMIT);
        for _ in 0..10 {
            let api = api.clone();
            let call = Call::start(async move { api.call_create("Ada", TOKEN).await });
            scene.soon(|| call.has_ended()).await;
            ended(scene.end_of(LIMIT, call).await, LIMIT)?;
            scene.settle().await;
        }
        recorder.restart();
        body_left_unread(
            FUNCTION,
            "(every other one with a 429 and a long page)",
            &service,
        )
    });
}

/// While they wait for an answer, and while they wait to try again.
fn calls_at_once_wait_together(answer: &Answer) {
    const CALLERS: usize = 12;
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(|seen| match seen.number {
            ..=CALLERS => Reply::text(503, "busy"),
            _ => created(seen).after(ms(1000)),
        });
        let service = service.await;
        let api = (answer.api)(&service.base, LIMIT);
        let calls = [(); CALLERS].map(|()| {
            let api = api.clone();
            Call::start(async move { api.call_create("Ada", TOKEN).await })
        });
        scene.soon(|| service.hits() == CALLERS).await;
        wait_together(FUNCTION, CALLERS, service.hits())?;
        scene.pass(ms(1000)).await;
        scene.soon(|| service.in_flight() == CALLERS).await;
        wait_together(FUNCTION, CALLERS, service.in_flight())?;
        drop(calls);
        Ok(())
    });
}

/// During an attempt, and between two of them.
fn it_ends_with_its_caller(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for silent in [true, false] {
            let scene = Scene::new(recorder);
            let service = Service::start(move |_| match silent {
                true => Reply::never(),
                false => Reply::text(503, "busy"),
            });
            let service = service.await;
            let api = (answer.api)(&service.base, LIMIT);
            let call = Call::start(async move { api.call_create("Ada", TOKEN).await });
            ensure(scene.soon(|| service.hits() == 1).await, || {
                not_asked(FUNCTION)
            })?;
            scene.pass(ms(500)).await;
            drop(call);
            scene.pass(ms(5000)).await;
            ended_with_the_caller(FUNCTION, &service, 1)?;
        }
        Ok(())
    });
}

/// The function's own checks of an answer that came at some time.
fn ended(ended: Option<Ended<Fetched>>, patience: Duration) -> Checked<Ended<Fetched>> {
    ended.ok_or_else(|| crate::faults::never_ended(FUNCTION, patience))
}
