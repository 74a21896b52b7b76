//! The hidden tests of `within`.
//!
//! Each test goes through the `basics` first: a fault in these explains whatever else goes wrong.

mod trial;

use std::panic::resume_unwind;

use async_workbook::{
    harness::{Task, ms, task},
    probes::drops::Drops,
    services::upstream::{Route, Upstream},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine},
};
use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use tokio::time::{Instant, sleep};
use tower::ServiceExt as _;

use crate::{
    Answer, GatewayTimeout, HOUR, Output,
    faults::goes_on,
    observation::{at_once, dropped_at, observe, scenario},
    opaque::Opaque,
    watched::{millis, shown},
};
use trial::{basics, judge, run};

pub(crate) const TASK: Task<Answer> = task!(
    within: work_that_ends_in_time_gives_its_output,
    work_that_takes_too_long_is_dropped_at_the_limit,
    progress_does_not_put_off_the_limit,
    calls_at_once_share_nothing,
    work_is_dropped_with_the_function,
    a_panic_goes_on_to_the_caller,
    a_limit_of_zero_leaves_no_time,
    the_endpoint_answers_504_at_five_seconds,
);

fn work_that_ends_in_time_gives_its_output(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for (limit, steps) in [
            (100, [0].as_slice()),
            (5000, &[4999]),
            (700, &[100, 200, 300]),
            (2 * HOUR, &[HOUR]),
        ] {
            judge(&run(answer, &scenario(recorder), limit, steps).await)?;
        }
        Ok(())
    });
}

fn work_that_takes_too_long_is_dropped_at_the_limit(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for (limit, length) in [
            (250, 3000),
            (250, 251),
            (5000, HOUR),
            (1, 3),
            (2 * HOUR, 3 * HOUR),
        ] {
            judge(&run(answer, &scenario(recorder), limit, &[length]).await)?;
        }
        Ok(())
    });
}

/// A limit on each wait doesn't bound the whole: a service that sends a byte now and then never reaches it.
fn progress_does_not_put_off_the_limit(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let trial = run(answer, &scenario(recorder), 1000, &[400; 8]).await;
        ensure(trial.seen.took <= trial.limit, || {
            Fault::new("timer_restarted")
                .happened(format!(
                    "the work woke up every {}, and with a limit of {} it went on for {}",
                    shown(400),
                    shown(trial.limit),
                    shown(trial.seen.took)
                ))
                .expected("the limit bounds the whole of the work, however often it wakes up")
                .next("make one timer before you first poll the work, and never reset it")
        })?;
        judge(&trial)
    });
}

fn calls_at_once_share_nothing(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        recorder.restart();
        let call = async |length| judge(&run(answer, &Drops::new(), 1000, &[length]).await);
        at_once(call(900), call(100)).await
    });
}

fn work_is_dropped_with_the_function(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let drops = scenario(recorder);
        let work = drops.watch("work", async {
            sleep(ms(2000)).await;
            Output::new("too late")
        });
        dropped_at(&drops, 500, (answer.within)(ms(1000), Opaque::new(work))).await
    });
}

fn a_panic_goes_on_to_the_caller(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let drops = scenario(recorder);
        let work = drops.watch("work", async {
            sleep(ms(100)).await;
            // Unlike `panic!`, this prints nothing: the panic is part of the test.
            resume_unwind(Box::new("the cable was cut"))
        });
        let function = (answer.within)(ms(1000), Opaque::new(work));
        let seen = observe(&drops, catch_panic(function)).await;
        ensure(seen.result.is_err() && seen.took == 100, || {
            Fault::new("panic_reported_as_timeout")
                .happened(format!(
                    "the work panicked at {}, and the function returned {} at {}",
                    shown(100),
                    match seen.result {
                        Ok(Err(GatewayTimeout)) => "`Err(GatewayTimeout)`",
                        _ => "its end",
                    },
                    shown(seen.took)
                ))
                .expected("the panic reaches the caller at once")
                .next("tell the two errors apart. If the task panicked, pass its panic on with `resume_unwind(error.into_panic())`; return `GatewayTimeout` only if time ran out")
        })
    });
}

fn a_limit_of_zero_leaves_no_time(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for length in [300, HOUR] {
            judge(&run(answer, &scenario(recorder), 0, &[length]).await)?;
        }
        Ok(())
    });
}

fn the_endpoint_answers_504_at_five_seconds(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        judge(&run(answer, &scenario(recorder), 5000, &[4990]).await)?;
        judge(&run(answer, &scenario(recorder), 5000, &[HOUR]).await)?;
        for (latency, expected) in [
            (4990, StatusCode::OK),
            (60_000, StatusCode::GATEWAY_TIMEOUT),
        ] {
            let route = Route::new("data").latency(ms(latency)).body("42 rows");
            let upstream = Upstream::builder().route(route).build();
            let app = (answer.app)(upstream.clone());
            recorder.restart();
            let start = Instant::now();
            let request = Request::get("/data-timeout").body(Body::empty());
            let request = request.expect("the request is whole");
            let response = app.oneshot(request).await.expect("a router never fails");
            let took = millis(start, Instant::now());
            // The runtime drops an aborted task when it next gets round to it.
            sleep(ms(1)).await;
            let status = response.status();
            let bytes = to_bytes(response.into_body(), 1000).await;
            let body = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            let body = body.unwrap_or_default();
            let due = latency.min(5000);
            let right = (status, took) == (expected, due)
                && (body == "42 rows") == (expected == StatusCode::OK);
            ensure(right, || {
                Fault::new("given_code_changed")
                    .happened(format!(
                        "the upstream takes {}, and the endpoint answered {status} at {}, with `{body}`",
                        shown(latency),
                        shown(took)
                    ))
                    .expected(format!("it answers {expected} at {}", shown(due)))
                    .next("restore `app`, `data` and `GatewayTimeout` as the file came with them: only `within` is yours to write")
            })?;
            ensure(upstream.in_flight() == 0, || {
                goes_on(format!(
                    "the endpoint answered at {}, and its call to the upstream goes on",
                    shown(took)
                ))
            })?;
        }
        Ok(())
    });
}
