//! The hidden tests of `create`.

mod attempts;
mod deadline;
mod request;

use std::time::Duration;

use async_workbook::{
    harness::{Task, ms, task},
    timeline::Recorder,
    verdict::{ensure, examine, show},
};

use crate::{
    Answer, Fetched,
    faults::{at_once, ended_with_the_caller, not_asked, one_connection},
    pictures::connections,
    reply::Reply,
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
        // The other functions use the same client.
        let [id] = new_ids();
        let call = Call::start(async move { api.call_user(id).await });
        scene.end_of(LIMIT, call).await;
        one_connection("user", &service)?;
        show(|| connections(&service.requests()));
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
