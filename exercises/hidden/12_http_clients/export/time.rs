//! The time limit of each wait for the service.

use std::time::Duration;

use async_workbook::{
    harness::ms,
    timeline::Recorder,
    verdict::{Fault, ensure, examine, mark_in},
};

use super::{LIMIT, PATIENCE, basics, bytes, ended, is_whole, start, told};
use crate::{
    Answer, ApiError,
    reply::{Reply, Step, piece},
    scene::{Checked, STEP, Scene, shown},
    service::Service,
    sink::Plan,
};

/// No wait takes as long as the limit, and all together take much longer.
pub(super) fn a_slow_export_is_not_cut_off(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let pieces: Vec<_> = (0..6).map(bytes).collect();
        let wait = LIMIT - STEP;
        let steps: Vec<_> = pieces
            .iter()
            .flat_map(|piece| [Step::Wait(wait), Step::Piece(piece.clone())])
            .collect();
        let service = Service::start(move |_| Reply::new(200, steps.clone()).after(wait)).await;
        mark_in(LIMIT, "limit of a wait");
        let (call, taken) = start(answer, &service.base, Plan::default());
        let ended = ended(scene.end_of(PATIENCE, call).await)?;
        ensure(!matches!(ended.result, Err(ApiError::Timeout)), || {
            Fault::new("total_timeout_on_download")
                .happened(format!(
                    "a piece came every {}, with a limit of {}, and `export` returned `Timeout` after {}",
                    shown(wait),
                    shown(LIMIT),
                    shown(ended.took)
                ))
                .expected("it goes on for as long as no single wait takes longer than `timeout`")
                .next("in `export`, put the limit around `send()`, and anew around each `chunk()`. `ClientBuilder::timeout` bounds the whole request, so give the limit to each request of the other functions instead")
        })?;
        is_whole(&pieces, &ended.result, &taken, Plan::default())
    });
}

/// The service sends so many pieces, one a second, and then nothing.
async fn stalled(answer: &Answer, recorder: &Recorder, pieces: usize) -> Checked {
    let scene = Scene::new(recorder);
    let mut steps = Vec::new();
    for number in 0..pieces {
        steps.extend([Step::Wait(ms(1000)), Step::Piece(bytes(number))]);
    }
    steps.push(Step::Stall);
    let due = ms(1000) * u32::try_from(pieces).unwrap_or_default() + LIMIT;
    mark_in(due, "time limit");
    let service = match pieces {
        0 => Service::start(|_| Reply::never()).await,
        _ => Service::start(move |_| Reply::new(200, steps.clone())).await,
    };
    let (call, _taken) = start(answer, &service.base, Plan::default());
    let what = match pieces {
        0 => "the service never answered".to_owned(),
        _ => format!(
            "the service sent a piece at {}, and then nothing more",
            shown(due - LIMIT)
        ),
    };
    let happened = format!("{what}, with a limit of {}", shown(LIMIT));
    let Some(came) = scene.end_of(PATIENCE, call).await else {
        return Err(Fault::new(if pieces == 0 {
            "timeout_missing"
        } else {
            "timeout_on_headers_only"
        })
        .happened(format!(
            "{happened}, and `export` was still waiting after {}",
            shown(PATIENCE)
        ))
        .expected("it returns `Timeout` when a wait for the service takes longer than `timeout`")
        .next("in `export`, put a `timeout` around `send()`, and one around each `chunk()`"));
    };
    let happened = format!("{happened}, and `export` returned {}", told(&came.result));
    ensure(matches!(came.result, Err(ApiError::Timeout)), || {
        let misconception = match came.result {
            Ok(_) => "error_swallowed",
            Err(ApiError::Decode) => "transport_error_reported_as_decode",
            Err(_) => "wrong_error_returned",
        };
        Fault::new(misconception)
            .happened(&happened)
            .expected("it returns `Timeout`")
            .next("in `export`, ask an error with `is_timeout()` before anything else")
    })?;
    ensure(came.took == due, || {
        Fault::new("wrong_time_limit")
            .happened(format!("{happened} at {}", shown(came.took)))
            .expected(format!(
                "it returns `Timeout` at {}: `timeout` after the last piece",
                shown(due)
            ))
            .next("in `export`, make the limit anew for each piece, of the `timeout` that `new` was given")
    })?;
    scene.settle().await;
    ensure(service.in_flight() == 0, || {
        Fault::new("task_left_running")
            .happened("`export` returned `Timeout`, and its request to the service went on")
            .expected("when it gives up, the request ends as well")
            .next("in `export`, put the timeout around the request itself, and not around the handle of a task")
    })
}

pub(super) fn a_stalled_export_is_given_up(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for pieces in [0, 1, 3] {
            stalled(answer, recorder, pieces).await?;
        }
        Ok(())
    });
}

/// The text of an error is waited for no longer than a piece.
pub(super) fn a_stalled_error_is_given_up(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let steps = vec![piece("the reason is"), Step::Stall];
        let service = Service::start(move |_| Reply::new(500, steps.clone())).await;
        mark_in(LIMIT, "time limit");
        let (call, _taken) = start(answer, &service.base, Plan::default());
        let happened = format!(
            "the service sent status 500 and the beginning of a text, and then nothing more. With a limit of {}, `export`",
            shown(LIMIT)
        );
        let expected = "it returns `Timeout` at the limit: the service keeps it waiting";
        let Some(came) = scene.end_of(PATIENCE, call).await else {
            return Err(Fault::new("timeout_on_headers_only")
                .happened(format!(
                    "{happened} was still waiting after {}",
                    shown(PATIENCE)
                ))
                .expected(expected)
                .next("in `export`, read the text of an error inside a `timeout` as well"));
        };
        let is_timeout = matches!(came.result, Err(ApiError::Timeout));
        ensure(is_timeout && came.took == LIMIT, || {
            Fault::new(if is_timeout {
                "wrong_time_limit"
            } else {
                "wrong_error_returned"
            })
            .happened(format!(
                "{happened} returned {} at {}",
                told(&came.result),
                shown(came.took)
            ))
            .expected(expected)
            .next("in `export`, read the text of an error to its end, inside a `timeout`, and return `Timeout` when time is up")
        })
    });
}

/// The service sends everything at once, and the sink takes its time.
pub(super) fn the_time_of_the_sink_does_not_count(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let slow = LIMIT + ms(500);
        let writes = Plan {
            pause: slow,
            ..Plan::default()
        };
        let flush = Plan {
            flush_pause: slow,
            ..Plan::default()
        };
        for (wait, plan) in [
            (Duration::ZERO, writes),
            (ms(1000), writes),
            (Duration::ZERO, flush),
        ] {
            let scene = Scene::new(recorder);
            let pieces: Vec<_> = (0..2).map(bytes).collect();
            let steps: Vec<_> = pieces
                .iter()
                .flat_map(|piece| [Step::Piece(piece.clone()), Step::Wait(wait)])
                .collect();
            let service = Service::start(move |_| Reply::new(200, steps.clone())).await;
            let (call, taken) = start(answer, &service.base, plan);
            let ended = ended(scene.end_of(10 * PATIENCE, call).await)?;
            ensure(!matches!(ended.result, Err(ApiError::Timeout)), || {
                Fault::new("sink_time_counted")
                    .happened(format!(
                        "the sink took {} for each {}, the service was never late, and with a limit of {}, `export` returned `Timeout` after {}",
                        shown(slow),
                        if plan.pause.is_zero() { "flush" } else { "write" },
                        shown(LIMIT),
                        shown(ended.took)
                    ))
                    .expected("only the time counts that it waits for the service")
                    .next("in `export`, put the `timeout` around `response.chunk()` alone, and write the piece outside of it. (`ClientBuilder::read_timeout` counts from the last piece, so it counts the sink's time as well)")
            })?;
            is_whole(&pieces, &ended.result, &taken, plan)?;
        }
        Ok(())
    });
}
