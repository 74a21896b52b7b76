//! What is tried again, when, and with which key.

use std::time::Duration;

use async_workbook::{
    harness::{counted, ms},
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};

use super::{FUNCTION, TOKEN, basics, call, created, ended, request::has_token};
use crate::{
    Answer, ApiError, Fetched,
    faults::{same_error, told, wrong_error},
    pictures::headers,
    reply::{Reply, Step, piece},
    scene::{Call, Checked, Ended, Scene, shown},
    service::{Seen, Service},
    sockets::{HangsUp, Nobody},
};

/// Enough for whatever these services ask for.
const LIMIT: Duration = ms(120_000);
/// How long a call may take until a test looks at what came of it.
const PATIENCE: Duration = ms(150_000);

/// A service that refuses the first requests. It answers the others.
struct Busy {
    refused: usize,
    code: u16,
    retry_after: Option<&'static str>,
}

impl Busy {
    fn reply(&self, seen: &Seen) -> Reply {
        if seen.number > self.refused {
            return created(seen);
        }
        let reply = Reply::text(self.code, format!("busy {}", seen.number));
        match self.retry_after {
            Some(value) => reply.header("retry-after", value),
            None => reply,
        }
    }

    fn happened(&self) -> String {
        let code = self.code;
        match self.retry_after {
            Some(value) => format!("the service answered {code} with `Retry-After: {value}`"),
            None => format!("the service answered {code} without a `Retry-After`"),
        }
    }
}

async fn run(
    answer: &Answer,
    recorder: &Recorder,
    busy: Busy,
) -> Checked<(Service, Ended<Fetched>)> {
    let scene = Scene::new(recorder);
    let service = Service::start(move |seen| busy.reply(seen)).await;
    let ended = ended(
        call(answer, &scene, &service.base, LIMIT, PATIENCE).await,
        PATIENCE,
    )?;
    Ok((service, ended))
}

fn retry_missing(happened: &str) -> Fault {
    Fault::new("retry_missing")
        .happened(format!("{happened}, and `create` sent no second request"))
        .expected("it tries again: the service may have room a moment later, and the key makes a second request safe")
        .next("in `create`, make a loop of up to `ATTEMPTS` turns, and leave it on success, or when the error is final")
}

/// The second request comes so long after the first.
async fn waits(answer: &Answer, recorder: &Recorder, busy: Busy, due: Duration) -> Checked {
    let (happened, honours) = (busy.happened(), busy.retry_after.is_some());
    let (service, ended) = run(answer, recorder, busy).await?;
    let times = service.times();
    let Some(&second) = times.get(1) else {
        return Err(retry_missing(&happened));
    };
    let told = format!(
        "{happened}, and `create` sent its second request {} later",
        shown(second)
    );
    ensure(second == due, || {
        let (misconception, expected, next) = match () {
            () if honours && !due.is_zero() && due != ms(1000) => (
                "retry_after_ignored",
                "it waits for as many seconds as the service asks for",
                "in `create`, read the header `retry-after` from the response before you read its text, and `sleep` for that long",
            ),
            () if !honours && second.is_zero() => (
                "retry_without_backoff",
                "it waits before it tries again: a busy service needs time, and not more requests",
                "in `create`, await `sleep(PAUSE)` before the next attempt, unless the service says how long",
            ),
            () => (
                "wrong_wait_between_attempts",
                "it waits for as many seconds as the service asks for, or for `PAUSE` if it asks for nothing that's a whole number",
                "in `create`, look at how the wait is computed: `value.parse::<u64>()` of the header, else `PAUSE`",
            ),
        };
        Fault::new(misconception)
            .happened(told)
            .expected(format!("{expected}: {} here", shown(due)))
            .next(next)
    })?;
    ensure(times.len() == 2, || {
        Fault::new("attempts_miscounted")
            .happened(format!(
                "the service answered the second request with a 201, and `create` sent {}",
                counted(times.len(), "request")
            ))
            .expected("a success ends it")
            .next("in `create`, return when an attempt has succeeded")
    })?;
    match ended.result {
        Ok(_) => Ok(()),
        result => Err(Fault::new("success_reported_as_failure")
            .happened(format!(
                "the second request succeeded, and `create` returned {}",
                crate::faults::told(&result)
            ))
            .expected("it returns the user")
            .next("in `create`, return the result of the attempt that succeeded")),
    }
}

fn busy(code: u16, retry_after: Option<&'static str>) -> Busy {
    Busy {
        refused: 1,
        code,
        retry_after,
    }
}

pub(super) fn a_busy_service_is_asked_again(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for code in [503, 429] {
            waits(answer, recorder, busy(code, None), ms(1000)).await?;
        }
        Ok(())
    });
}

pub(super) fn retry_after_is_honoured(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        waits(answer, recorder, busy(503, None), ms(1000)).await?;
        for (code, value, due) in [
            (429, "2", 2000),
            (503, "7", 7000),
            (503, "90", 90_000),
            (429, "0", 0),
            (503, "Wed, 21 Oct 2026 07:28:00 GMT", 1000),
            (429, "soon", 1000),
            (503, "sp\u{e4}ter", 1000),
            (429, "", 1000),
            (429, "-3", 1000),
            (503, "2.5", 1000),
            (429, "2 minutes", 1000),
        ] {
            waits(answer, recorder, busy(code, Some(value)), ms(due)).await?;
        }
        from_the_failure(answer, recorder).await?;
        each_for_itself(answer, recorder).await
    });
}

/// The service takes its time to say no.
async fn from_the_failure(answer: &Answer, recorder: &Recorder) -> Checked {
    const SLOW: Duration = ms(1500);
    for (retry_after, due) in [(Some("2"), ms(2000)), (None, ms(1000))] {
        let scene = Scene::new(recorder);
        let busy = busy(503, retry_after);
        let happened = format!("{} after {}", busy.happened(), shown(SLOW));
        let service = Service::start(move |seen| match seen.number {
            1 => busy.reply(seen).after(SLOW),
            _ => busy.reply(seen),
        });
        let service = service.await;
        let came = call(answer, &scene, &service.base, LIMIT, PATIENCE).await;
        ended(came, PATIENCE)?;
        let Some(&second) = service.times().get(1) else {
            return Err(retry_missing(&happened));
        };
        ensure(second == SLOW + due, || {
            let from_start = second == due.max(SLOW);
            Fault::new(if from_start {
                "backoff_counted_from_start"
            } else {
                "wrong_wait_between_attempts"
            })
            .happened(format!(
                "{happened}, and `create` sent its second request at {}",
                shown(second)
            ))
            .expected(format!(
                "it sends it at {}: the wait begins when the answer has arrived",
                shown(SLOW + due)
            ))
            .next("in `create`, `sleep` for the whole wait after the attempt has failed, without subtracting the time that the attempt took")
        })?;
    }
    Ok(())
}

/// What the service asked for after the first attempt says nothing about the second.
async fn each_for_itself(answer: &Answer, recorder: &Recorder) -> Checked {
    let scene = Scene::new(recorder);
    let service = Service::start(|seen| match seen.number {
        1 => busy(429, Some("3")).reply(seen),
        2 => Reply::text(503, "busy 2"),
        _ => created(seen),
    });
    let service = service.await;
    let came = call(answer, &scene, &service.base, LIMIT, PATIENCE).await;
    ended(came, PATIENCE)?;
    let times = service.times();
    // How many there are is another test's subject.
    ensure([ms(0), ms(3000), ms(4000)].starts_with(&times), || {
        let shown: Vec<_> = times.iter().map(|time| shown(*time).to_string()).collect();
        Fault::new("wrong_wait_between_attempts")
            .happened(format!(
                "the first answer had `Retry-After: 3` and the second had none, and the requests came at {}",
                shown.join(", ")
            ))
            .expected("they come at 0 ms, 3.0 s and 4.0 s: without a `Retry-After`, the wait is `PAUSE`")
            .next("in `create`, compute each wait from the attempt that has just failed")
    })
}

fn keys(requests: &[Seen]) -> Vec<String> {
    let key = |seen: &Seen| {
        seen.header("idempotency-key")
            .unwrap_or_default()
            .to_owned()
    };
    requests.iter().map(key).collect()
}

pub(super) fn the_key_stays_the_same(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        waits(answer, recorder, busy(503, None), ms(1000)).await?;
        let twice = Busy {
            refused: 2,
            ..busy(503, None)
        };
        let (service, _) = run(answer, recorder, twice).await?;
        same_request(&service)?;
        // Whatever went wrong, the service may have created the user.
        for script in [broken_then_busy, busy_then_broken] {
            let scene = Scene::new(recorder);
            let service = Service::start(script).await;
            let came = call(answer, &scene, &service.base, LIMIT, PATIENCE).await;
            ended(came, PATIENCE)?;
            same_request(&service)?;
        }
        Ok(())
    });
}

/// All attempts send the same, with the same key.
fn same_request(service: &Service) -> Checked {
    let requests = service.requests();
    let keys = keys(&requests);
    ensure(keys.iter().all(|key| *key == keys[0]), || {
        Fault::new("new_key_per_attempt")
            .happened("`create` sent attempts of one call with different keys, so the service may have created the user more than once")
            .expected("all attempts of one call have the same key, by which the service knows that they mean the same user")
            .next("in `create`, move `new_key()` out of the loop")
            .drawn(headers(&requests, "idempotency-key"))
    })?;
    requests.iter().try_for_each(has_token)?;
    let first = &requests[0];
    ensure(requests.iter().all(|seen| seen.body == first.body), || {
        Fault::new("data_altered")
            .happened("the second attempt had another body than the first")
            .expected("all attempts send the same request")
            .next("in `create`, build each attempt's request in the same way, inside the loop")
    })
}

/// The connection breaks in the middle of an answer that says that the user was created.
fn half_an_answer() -> Reply {
    Reply::new(201, vec![piece("{\"id\""), Step::Wait(ms(0)), Step::Break])
}

fn broken_then_busy(seen: &Seen) -> Reply {
    match seen.number {
        1 => half_an_answer(),
        2 => Reply::text(429, "busy 2"),
        _ => created(seen),
    }
}

fn busy_then_broken(seen: &Seen) -> Reply {
    match seen.number {
        1 => Reply::text(503, "busy 1"),
        2 => half_an_answer(),
        _ => created(seen),
    }
}

/// In turn, at the same time, and by two clients.
pub(super) fn each_user_has_its_own_key(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(|seen| created(seen).after(ms(500))).await;
        for _ in 0..2 {
            let api = (answer.api)(&service.base, LIMIT);
            for _ in 0..2 {
                let together = [0, 1].map(|_| {
                    let api = api.clone();
                    Call::start(async move { api.call_create("Ada", TOKEN).await })
                });
                for call in together {
                    ended(scene.end_of(PATIENCE, call).await, PATIENCE)?;
                }
            }
        }
        let requests = service.requests();
        let mut keys = keys(&requests);
        keys.sort();
        keys.dedup();
        ensure(keys.len() == requests.len(), || {
            Fault::new("idempotency_key_used_twice")
                .happened(format!(
                    "`create` was called {}, and sent {}: the service takes the others for repetitions, and creates no user for them",
                    counted(requests.len(), "time"),
                    counted(keys.len(), "different key")
                ))
                .expected("each call of `create` has a new key, even if the user is called the same")
                .next("in `create`, call `new_key()` at the start of each call, and don't keep the key in `Api` or compute it from the user")
                .drawn(headers(&requests, "idempotency-key"))
        })
    });
}

pub(super) fn a_permanent_error_is_final(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        waits(answer, recorder, busy(503, None), ms(1000)).await?;
        for (code, retry_after) in [
            (400, None),
            (401, None),
            (404, None),
            (409, None),
            (422, None),
            (425, None),
            (500, None),
            (502, None),
            (300, None),
            (400, Some("1")),
            (408, Some("1")),
            (504, Some("1")),
        ] {
            let always = Busy {
                refused: usize::MAX,
                ..busy(code, retry_after)
            };
            let (service, ended) = run(answer, recorder, always).await?;
            once(&service, &format!("the service answered {code}"))?;
            let due = ApiError::Status {
                code,
                text: "busy 1".into(),
            };
            is_error(
                &ended,
                &due,
                Duration::ZERO,
                &format!("the service answered {code}"),
            )?;
        }
        let scene = Scene::new(recorder);
        let service = Service::start(|_| Reply::text(201, "<h1>Created</h1>")).await;
        let came = call(answer, &scene, &service.base, LIMIT, PATIENCE).await;
        let came = ended(came, PATIENCE)?;
        let happened = "the service answered 201 with a text that isn't JSON";
        once(&service, happened)?;
        is_error(&came, &ApiError::Decode, Duration::ZERO, happened)?;
        let scene = Scene::new(recorder);
        let around = |_: &Seen| Reply::text(307, "").header("location", "/v1/users");
        let service = Service::start(around).await;
        let api = (answer.api)(&service.base, LIMIT);
        let going = Call::start(async move { api.call_create("Ada", TOKEN).await });
        let came = ended(scene.end_at_once(PATIENCE, going).await, PATIENCE)?;
        let happened = "each answer was a redirect to where it came from";
        // Whether a POST is redirected is the client's policy, and `user`'s task.
        if !matches!(came.result, Err(ApiError::Status { code: 307, .. })) {
            is_kind(&came, &ApiError::Redirect, happened)?;
        }
        ensure(came.took.is_zero(), || {
            Fault::new("permanent_error_retried")
                .happened(format!("{happened}, and `create` tried it all again"))
                .expected("it returns `Redirect` at once: the next attempt would go round in the same circle")
                .next("in `create`, try again only after 429, 503, `Connect` and `Interrupted`")
        })
    });
}

fn once(service: &Service, happened: &str) -> Checked {
    let hits = service.hits();
    ensure(hits == 1, || {
        Fault::new("permanent_error_retried")
            .happened(format!("{happened}, and `create` sent its request {hits} times"))
            .expected("it sends the request once: the same request gets the same answer, or has been carried out already")
            .next("in `create`, try again only after 429, 503, `Connect` and `Interrupted`")
    })
}

/// It ended with this error, at this time.
pub(super) fn is_error(
    ended: &Ended<Fetched>,
    due: &ApiError,
    at: Duration,
    happened: &str,
) -> Checked {
    is_kind(ended, due, happened)?;
    ensure(ended.took == at, || {
        Fault::new(if ended.took > at {
            "wait_after_last_attempt"
        } else {
            "wrong_wait_between_attempts"
        })
        .happened(format!(
            "{happened}, and `create` returned {} after {}",
            told(&ended.result),
            shown(ended.took)
        ))
        .expected(format!(
            "it returns at {}, as soon as the last attempt has failed",
            shown(at)
        ))
        .next("in `create`, wait only if another attempt follows")
    })
}

/// It ended with this error.
fn is_kind(ended: &Ended<Fetched>, due: &ApiError, happened: &str) -> Checked {
    let is_due = matches!(&ended.result, Err(error) if same_error(error, due));
    ensure(is_due, || {
        if matches!(
            (&ended.result, due),
            (Ok(_), ApiError::Status { .. }) | (Err(ApiError::Decode), ApiError::Status { .. })
        ) {
            return crate::faults::status_not_checked(
                FUNCTION,
                match due {
                    ApiError::Status { code, .. } => *code,
                    _ => 0,
                },
                &format!("returned {}", told(&ended.result)),
            );
        }
        wrong_error(
            FUNCTION,
            happened,
            &ended.result,
            &format!("`{due:?}`"),
            "return the error of the last attempt, as `user` would",
        )
    })
}

/// Every attempt fails: there are three, a second apart, and the last one's error is returned.
fn three(times: &[Duration], happened: &str) -> Checked {
    ensure(times.len() != 1, || retry_missing(happened))?;
    ensure(times.len() == 3, || {
        Fault::new("attempts_miscounted")
            .happened(format!("{happened} each time, and `create` sent {}", counted(times.len(), "request")))
            .expected("it sends 3 in all: the first is an attempt too")
            .next("in `create`, count from the first attempt: `for attempt in 1..=ATTEMPTS`, and give up if `attempt == ATTEMPTS`")
    })?;
    ensure(times == [ms(0), ms(1000), ms(2000)], || {
        let shown: Vec<_> = times.iter().map(|time| shown(*time).to_string()).collect();
        Fault::new(if times[1].is_zero() {
            "retry_without_backoff"
        } else {
            "wrong_wait_between_attempts"
        })
            .happened(format!(
                "{happened} each time, and the requests came at {}",
                shown.join(", ")
            ))
            .expected("they come at 0 ms, 1.0 s and 2.0 s: there's a `PAUSE` between two attempts")
            .next("in `create`, wait for `PAUSE` each time, without doubling it, counted from the failure")
    })
}

pub(super) fn attempts_come_to_an_end(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        waits(answer, recorder, busy(503, None), ms(1000)).await?;
        let always = Busy {
            refused: usize::MAX,
            ..busy(503, None)
        };
        let happened = always.happened();
        let (service, ended) = run(answer, recorder, always).await?;
        three(&service.times(), &happened)?;
        let due = ApiError::Status {
            code: 503,
            text: "busy 3".into(),
        };
        is_error(&ended, &due, ms(2000), &happened)
    });
}

async fn one_way_after_another(answer: &Answer, recorder: &Recorder) -> Checked {
    for script in [busy_broken_busy, broken_busy_broken] {
        let scene = Scene::new(recorder);
        let service = Service::start(script).await;
        let came = call(answer, &scene, &service.base, LIMIT, PATIENCE).await;
        ended(came, PATIENCE)?;
        let happened = "an attempt failed with a 503 or a broken connection";
        three(&service.times(), happened)?;
    }
    Ok(())
}

fn busy_broken_busy(seen: &Seen) -> Reply {
    match seen.number % 2 {
        1 => Reply::text(503, "busy"),
        _ => half_an_answer(),
    }
}

fn broken_busy_broken(seen: &Seen) -> Reply {
    match seen.number % 2 {
        1 => half_an_answer(),
        _ => Reply::text(503, "busy"),
    }
}

pub(super) fn what_was_lost_on_the_way_is_sent_again(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        waits(answer, recorder, busy(503, None), ms(1000)).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(|_| half_an_answer()).await;
        let came = call(answer, &scene, &service.base, LIMIT, PATIENCE).await;
        let came = ended(came, PATIENCE)?;
        let happened = "the connection broke in the middle of the answer";
        three(&service.times(), happened)?;
        is_error(&came, &ApiError::Interrupted, ms(2000), happened)?;

        let scene = Scene::new(recorder);
        let service = HangsUp::start().await;
        let came = call(answer, &scene, &service.base, LIMIT, PATIENCE).await;
        let came = ended(came, PATIENCE)?;
        let happened = "the service closed the connection without an answer";
        ensure(service.requests() > 1, || retry_missing(happened))?;
        is_error(&came, &ApiError::Interrupted, ms(2000), happened)?;

        // The service sees an attempt before nobody does.
        let (scene, nobody) = (Scene::new(recorder), Nobody::new());
        let elsewhere = format!("{}/users", nobody.base);
        let moved = move |_: &Seen| Reply::text(307, "").header("location", elsewhere.clone());
        let service = Service::start(moved).await;
        let came = call(answer, &scene, &service.base, LIMIT, PATIENCE).await;
        let came = ended(came, PATIENCE)?;
        let happened = "the service redirected to an address where nobody listened";
        if !matches!(came.result, Err(ApiError::Status { code: 307, .. })) {
            three(&service.times(), happened)?;
            is_error(&came, &ApiError::Connect, ms(2000), happened)?;
        }

        let (scene, nobody) = (Scene::new(recorder), Nobody::new());
        let came = call(answer, &scene, &nobody.base, LIMIT, PATIENCE).await;
        let came = ended(came, PATIENCE)?;
        let happened = "nobody listened at the service's address";
        ensure(came.took > ms(0) || came.result.is_ok(), || {
            retry_missing(happened)
        })?;
        is_error(&came, &ApiError::Connect, ms(2000), happened)?;
        one_way_after_another(answer, recorder).await
    });
}
