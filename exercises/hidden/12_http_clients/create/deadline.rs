//! The time limit of a call, with all of its attempts and waits.

use std::time::Duration;

use async_workbook::{
    harness::{counted, ms},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine, mark_in},
};

use super::{FUNCTION, attempts::is_error, basics, call, created, ended};
use crate::{
    Answer, ApiError, Fetched,
    causes::{Case, given_up, patience},
    faults::told,
    reply::Reply,
    scene::{Checked, Scene, shown},
    service::{Seen, Service},
};

/// In a single attempt.
async fn slow(answer: &Answer, recorder: &Recorder, case: Case, limit: Duration) -> Checked {
    let scene = Scene::new(recorder);
    let service = Service::start(move |seen| case.reply(seen, limit)).await;
    mark_in(limit, "time limit");
    let came = call(answer, &scene, &service.base, limit, patience(limit)).await;
    scene.settle().await;
    let hits = service.hits();
    let too_early =
        |took: Duration, result: &Fetched| took < limit && matches!(result, Err(ApiError::Timeout));
    if let Some(came) = &came
        && (too_early(came.took, &came.result) || (hits > 1 && came.took == limit))
    {
        return Err(divided(&format!(
            "with a limit of {}, the service was too slow. `create` sent {}, and returned {} after {}",
            shown(limit),
            counted(hits, "request"),
            told(&came.result),
            shown(came.took)
        )));
    }
    ensure(hits == 1, || {
        Fault::new("timeout_per_attempt")
            .happened(format!(
                "with a limit of {}, the service was too slow, and `create` sent {hits} requests",
                shown(limit)
            ))
            .expected("the limit bounds all attempts together: when it's over, `create` returns `Timeout`")
            .next("in `create`, put one `timeout` around the whole loop, and try again only after an error that isn't a timeout")
    })?;
    given_up(FUNCTION, case, limit, came, &service)
}

pub(super) fn a_slow_service_is_given_up(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for case in [Case::Silent, Case::Stalled, Case::Trickling, Case::Refusing] {
            slow(answer, recorder, case, ms(3000)).await?;
        }
        Ok(())
    });
}

pub(super) fn a_long_retry_after_is_not_waited_for(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for value in ["3600", "6", "18446744073709551615"] {
            let limit = ms(5000);
            let scene = Scene::new(recorder);
            let asks = move |_: &Seen| Reply::text(429, "slow down").header("retry-after", value);
            let service = Service::start(asks).await;
            mark_in(limit, "time limit");
            let happened = format!(
                "with a limit of {}, the service answered 429 with `Retry-After: {value}`",
                shown(limit)
            );
            let came = call(answer, &scene, &service.base, limit, 10 * limit);
            let came = catch_panic(came).await.map_err(|panic| {
                Fault::new("backoff_overflow")
                    .happened(format!("{happened}, and `create` panicked: {panic}"))
                    .expected("it returns the 429 at once: a service may send any number, and must not be able to make its clients panic")
                    .next("in `create`, compare the wait with what's left (`deadline - Instant::now()`): adding such a wait to an instant overflows")
            })?;
            let hits = service.hits();
            ensure(hits == 1, || {
                Fault::new("retry_after_ignored")
                    .happened(format!(
                        "{happened}, and `create` sent {}",
                        counted(hits, "request")
                    ))
                    .expected("it sends none before the time that the service asks for")
                    .next("in `create`, if the wait is too long, return the error, and don't shorten the wait")
            })?;
            let in_time = came.as_ref().is_some_and(|came| came.took.is_zero());
            ensure(in_time, || {
                let took = match &came {
                    Some(came) => {
                        format!("returned {} after {}", told(&came.result), shown(came.took))
                    }
                    None => format!("was still waiting after {}", shown(10 * limit)),
                };
                Fault::new("backoff_past_the_deadline")
                    .happened(format!("{happened}, and `create` {took}"))
                    .expected("it returns the 429 at once: the wait would outlast the time that's left, and lead to nothing")
                    .next("in `create`, compare the wait with the time that's left before you begin it, and return the error if it's longer")
            })?;
            let came = ended(came, limit)?;
            let due = ApiError::Status {
                code: 429,
                text: "slow down".into(),
            };
            is_error(&came, &due, ms(0), &happened)?;
        }
        Ok(())
    });
}

pub(super) fn the_limit_bounds_all_attempts(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        slow(answer, recorder, Case::Silent, ms(3000)).await?;
        second_attempt(answer, recorder).await?;
        short_of_time(answer, recorder).await?;
        after_a_slow_refusal(answer, recorder).await?;
        in_the_nick_of_time(answer, recorder).await
    });
}

/// The first attempt fails at once, and the second never ends.
async fn second_attempt(answer: &Answer, recorder: &Recorder) -> Checked {
    let limit = ms(5000);
    let scene = Scene::new(recorder);
    let script = |seen: &Seen| match seen.number {
        1 => Reply::text(503, "busy").header("retry-after", "4"),
        _ => Reply::never(),
    };
    let service = Service::start(script).await;
    mark_in(limit, "time limit");
    let came = call(answer, &scene, &service.base, limit, 10 * limit).await;
    scene.settle().await;
    let took = came.as_ref().map(|came| came.took);
    let happened = "the first attempt failed at 0 ms, the second began at 4.0 s, and the service never answered it";
    ensure(took.is_some_and(|took| took <= limit), || {
        let returned = match took {
            Some(took) => format!("returned after {}", shown(took)),
            None => format!("was still waiting after {}", shown(10 * limit)),
        };
        Fault::new("timeout_per_attempt")
            .happened(format!("{happened}: with a limit of {}, `create` {returned}", shown(limit)))
            .expected("it returns `Timeout` at the limit: that bounds all attempts and waits together")
            .next("in `create`, put one `timeout` around the whole loop: the timeout of the client and of a request begins anew with each attempt, and `std::time::Instant` ignores tokio's clock")
    })?;
    given_up(FUNCTION, Case::Silent, limit, came, &service)
}

/// There's time for two attempts, and not for the wait before the third.
async fn short_of_time(answer: &Answer, recorder: &Recorder) -> Checked {
    let limit = ms(1500);
    let scene = Scene::new(recorder);
    let script = |seen: &Seen| Reply::text(503, format!("busy {}", seen.number));
    let service = Service::start(script).await;
    mark_in(limit, "time limit");
    let came = call(answer, &scene, &service.base, limit, 10 * limit).await;
    let came = ended(came, 10 * limit)?;
    let happened = format!(
        "with a limit of {}, every attempt failed with a 503",
        shown(limit)
    );
    ensure(came.took == ms(1000), || {
        Fault::new("backoff_past_the_deadline")
            .happened(format!(
                "{happened}, and `create` returned {} after {}",
                told(&came.result),
                shown(came.took)
            ))
            .expected("it returns the second error at 1.0 s: half a second is left, and a `PAUSE` takes a whole one")
            .next("in `create`, compare the wait with the time that's left now, and not with the whole limit")
    })?;
    let due = ApiError::Status {
        code: 503,
        text: "busy 2".into(),
    };
    is_error(&came, &due, ms(1000), &happened)
}

/// The first attempt has taken the time that the wait would need.
async fn after_a_slow_refusal(answer: &Answer, recorder: &Recorder) -> Checked {
    let limit = ms(5000);
    let scene = Scene::new(recorder);
    let script = |_: &Seen| {
        let reply = Reply::text(429, "slow down").header("retry-after", "3");
        reply.after(ms(3000))
    };
    let service = Service::start(script).await;
    mark_in(limit, "time limit");
    let came = call(answer, &scene, &service.base, limit, 10 * limit).await;
    let came = ended(came, 10 * limit)?;
    let happened = format!(
        "with a limit of {}, the service answered 429 with `Retry-After: 3` after 3.0 s",
        shown(limit)
    );
    ensure(came.took == ms(3000), || {
        Fault::new("backoff_past_the_deadline")
            .happened(format!(
                "{happened}, and `create` returned {} after {}",
                told(&came.result),
                shown(came.took)
            ))
            .expected("it returns the 429 at 3.0 s: two seconds are left, and the wait would take three")
            .next("in `create`, compare the wait with the time that's left now: the attempts take time as well as the waits")
    })?;
    let due = ApiError::Status {
        code: 429,
        text: "slow down".into(),
    };
    is_error(&came, &due, ms(3000), &happened)
}

/// The last attempt still has its time.
async fn in_the_nick_of_time(answer: &Answer, recorder: &Recorder) -> Checked {
    let limit = ms(5000);
    let scene = Scene::new(recorder);
    let script = |seen: &Seen| match seen.number {
        1 => Reply::text(503, "busy").header("retry-after", "3"),
        _ => created(seen).after(ms(1500)),
    };
    let service = Service::start(script).await;
    let came = call(answer, &scene, &service.base, limit, 10 * limit).await;
    let came = ended(came, 10 * limit)?;
    ensure(came.result.is_ok() && came.took == ms(4500), || {
        divided(&format!(
            "with a limit of {}, the second attempt began at 3.0 s and took 1.5 s. `create` returned {} after {}",
            shown(limit),
            told(&came.result),
            shown(came.took)
        ))
    })
}

fn divided(happened: &str) -> Fault {
    Fault::new("deadline_divided_among_attempts")
        .happened(happened)
        .expected("an attempt may use all the time that's left: the caller has set a limit for all of them, and none for each")
        .next("in `create`, bound each attempt by the deadline of the call, and not by a share of it")
}
