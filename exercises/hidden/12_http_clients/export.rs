//! The hidden tests of `export`.

mod time;

use std::{io, time::Duration};

use async_workbook::{
    harness::{Task, counted, ms, task},
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};
use axum::body::Bytes;

use crate::{
    Answer, ApiError, Exported,
    faults::{
        ended_with_the_caller, never_ended, not_asked, one_client, same_error, status_not_checked,
        told_error, wrong_request,
    },
    reply::{Reply, Step, piece},
    scene::{Call, Checked, Ended, Scene, new_ids},
    service::{Seen, Service},
    sink::{Plan, Sink, Taken},
    sockets::{HangsUp, Nobody},
};
use time::{
    a_slow_export_is_not_cut_off, a_stalled_error_is_given_up, a_stalled_export_is_given_up,
    the_time_of_the_sink_does_not_count,
};

pub(crate) const TASK: Task<Answer> = task!(
    export: the_whole_export_arrives,
    pieces_are_passed_on_as_they_come,
    a_status_is_an_error,
    a_broken_export_is_an_error,
    no_export_at_all_is_an_error,
    a_slow_export_is_not_cut_off,
    a_stalled_export_is_given_up,
    a_stalled_error_is_given_up,
    the_time_of_the_sink_does_not_count,
    a_stuck_sink_stops_the_service,
    the_errors_of_the_sink_are_passed_on,
    it_ends_with_its_caller,
    requests_share_a_connection,
);

const FUNCTION: &str = "export";
const LIMIT: Duration = ms(3000);
const PATIENCE: Duration = ms(60_000);
/// More than a buffer on the way holds.
const PIECE: usize = 64 << 10;

/// A piece of this number, which no other one looks like, and which isn't text.
fn bytes(number: usize) -> Bytes {
    let byte = |index: usize| u8::try_from((index + number * 31) % 251).unwrap_or_default();
    (0..PIECE).map(byte).collect()
}

/// A call of `export`, and what its sink has taken.
fn start(answer: &Answer, base: &str, plan: Plan) -> (Call<Exported>, Taken) {
    let api = (answer.api)(base, LIMIT);
    let (mut sink, taken) = Sink::new(plan);
    let call = Call::start(async move { api.call_export(&mut sink).await });
    (call, taken)
}

fn ended(ended: Option<Ended<Exported>>) -> Checked<Ended<Exported>> {
    ended.ok_or_else(|| never_ended(FUNCTION, PATIENCE))
}

fn told(result: &Exported) -> String {
    match result {
        Ok(count) => format!("`Ok({count})`"),
        Err(error) => told_error(error),
    }
}

/// All of these pieces are in the sink, flushed, and counted.
fn is_whole(pieces: &[Bytes], result: &Exported, taken: &Taken, plan: Plan) -> Checked {
    let due = pieces.concat();
    let came = taken.bytes();
    if let Err(error) = result {
        return Err(Fault::new("success_reported_as_failure")
            .happened(format!(
                "the service sent the whole export, and `export` returned {}",
                told_error(error)
            ))
            .expected(format!("it returns `Ok({})`", due.len()))
            .next("in `export`, return `Ok` when there's no further piece: `chunk()` then returns `Ok(None)`"));
    }
    ensure(came.len() >= due.len(), || {
        let partial = plan.at_a_time > 0;
        Fault::new(if partial { "partial_write_ignored" } else { "bytes_lost" })
            .happened(format!(
                "the export has {} bytes, and the sink got {}{}",
                due.len(),
                came.len(),
                if partial {
                    format!(": it takes {} at a time", plan.at_a_time)
                } else {
                    String::new()
                }
            ))
            .expected("the sink gets all of them")
            .next("in `export`, write with `write_all`: `write` may take a part of the bytes, and returns how many")
    })?;
    ensure(came == due, || {
        Fault::new("data_altered")
            .happened("the sink got other bytes than the service sent")
            .expected("it gets them as they are: an export needn't be text")
            .next("in `export`, write the bytes of each `chunk()`: `text()` replaces whatever isn't UTF-8")
    })?;
    ensure(taken.flushed() == due.len(), || {
        Fault::new("flush_missing")
            .happened(format!(
                "`export` returned, and {} of {} bytes weren't flushed",
                due.len() - taken.flushed(),
                due.len()
            ))
            .expected("it flushes the sink when all is written: a file or a buffer may still hold the end back, or report its error only then")
            .next("in `export`, await `sink.flush()` after the last piece")
    })?;
    ensure(
        result
            .as_ref()
            .is_ok_and(|count| *count == due.len() as u64),
        || {
            Fault::new("wrong_count_returned")
                .happened(format!(
                    "the export has {} bytes, and `export` returned {}",
                    due.len(),
                    told(result)
                ))
                .expected("it returns the number of bytes")
                .next("in `export`, add up the lengths of the pieces")
        },
    )?;
    ensure(!taken.is_shut(), || {
        Fault::new("sink_shut_down")
            .happened("`export` wrote the export, and shut the sink down")
            .expected("it flushes the sink and leaves it open: it belongs to the caller, who may have more to write")
            .next("in `export`, await `sink.flush()` in place of `sink.shutdown()`")
    })
}

async fn whole(answer: &Answer, recorder: &Recorder, count: usize, plan: Plan) -> Checked {
    whole_with(answer, recorder, 200, count, plan).await
}

async fn whole_with(
    answer: &Answer,
    recorder: &Recorder,
    code: u16,
    count: usize,
    plan: Plan,
) -> Checked {
    let scene = Scene::new(recorder);
    let pieces: Vec<_> = (0..count).map(bytes).collect();
    let steps: Vec<_> = pieces.iter().cloned().map(Step::Piece).collect();
    let service = Service::start(move |_| Reply::new(code, steps.clone())).await;
    let (call, taken) = start(answer, &service.base, plan);
    let ended = ended(scene.end_at_once(PATIENCE, call).await)?;
    let requests = service.requests();
    let first = requests.first().ok_or_else(|| not_asked(FUNCTION))?;
    ensure(first.what() == "GET /export", || {
        wrong_request(FUNCTION, &first.what(), "GET {base}/export")
    })?;
    ensure(requests.len() == 1, || {
        Fault::new("unrequested_retry")
            .happened(format!(
                "`export` sent {}",
                counted(requests.len(), "request")
            ))
            .expected("it sends one")
            .next("in `export`, send one request")
    })?;
    is_whole(&pieces, &ended.result, &taken, plan)
}

async fn basics(answer: &Answer, recorder: &Recorder) -> Checked {
    whole(answer, recorder, 3, Plan::default()).await
}

fn the_whole_export_arrives(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        whole(answer, recorder, 0, Plan::default()).await?;
        whole_with(answer, recorder, 203, 1, Plan::default()).await?;
        let few = Plan {
            at_a_time: 1000,
            ..Plan::default()
        };
        whole(answer, recorder, 2, few).await
    });
}

fn pieces_are_passed_on_as_they_come(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let pieces = [
            bytes(0),
            bytes(1),
            Bytes::from_static(b"a line, and "),
            Bytes::from_static(b"the next one\n"),
            bytes(2),
        ];
        let steps: Vec<_> = pieces
            .iter()
            .flat_map(|piece| [Step::Piece(piece.clone()), Step::Wait(ms(500))])
            .collect();
        let service = Service::start(move |_| Reply::new(200, steps.clone())).await;
        let (call, taken) = start(answer, &service.base, Plan::default());
        let mut sent = 0;
        for piece in &pieces {
            sent += piece.len();
            scene.soon(|| taken.len() == sent).await;
            passed_on(sent, taken.len())?;
            scene.pass(ms(500)).await;
        }
        let ended = ended(scene.end_of(PATIENCE, call).await)?;
        is_whole(&pieces, &ended.result, &taken, Plan::default())
    });
}

fn passed_on(sent: usize, written: usize) -> Checked {
    ensure(written >= sent, || {
        // A buffer of the usual size holds the end of a long piece back, and the whole of a short one.
        let is_buffered = sent - written < PIECE / 2;
        let (misconception, next) = if is_buffered {
            (
                "results_held_back",
                "in `export`, write each piece to `sink` itself: a `BufWriter` keeps what it has until it's full, and a service may send a line a minute",
            )
        } else {
            (
                "body_collected_in_memory",
                "in `export`, write each piece in a loop over `response.chunk().await`: `bytes()` and `text()` return when all has arrived",
            )
        };
        Fault::new(misconception)
            .happened(format!(
                "the service had sent {sent} bytes, and the sink had {written}: `export` kept the others in memory"
            ))
            .expected("each piece is written as it arrives: the export may be larger than the memory, and half of it is of use to whoever reads on")
            .next(next)
    })
}

fn a_status_is_an_error(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for code in [404, 503, 300] {
            let scene = Scene::new(recorder);
            let refused =
                move |_: &Seen| Reply::new(code, vec![piece("no export"), piece(" today")]);
            let service = Service::start(refused).await;
            let (call, taken) = start(answer, &service.base, Plan::default());
            let ended = ended(scene.end_of(PATIENCE, call).await)?;
            let due = ApiError::Status {
                code,
                text: "no export today".into(),
            };
            let is_due = matches!(&ended.result, Err(error) if same_error(error, &due));
            ensure(taken.len() == 0, || {
                status_not_checked(FUNCTION, code, "wrote the page of the error to the sink")
            })?;
            ensure(ended.result.is_err(), || {
                status_not_checked(FUNCTION, code, &format!("returned {}", told(&ended.result)))
            })?;
            let is_status =
                matches!(ended.result, Err(ApiError::Status { code: came, .. }) if came == code);
            ensure(is_due, || {
                Fault::new(if is_status {
                    "error_detail_lost"
                } else {
                    "wrong_error_returned"
                })
                    .happened(format!(
                        "the service answered with status {code} and the text \"no export today\", and `export` returned {}",
                        told(&ended.result)
                    ))
                    .expected(format!("it returns `{due:?}`"))
                    .next("in `export`, do with a status what `user` does: put both into a function of their own")
            })?;
        }
        let scene = Scene::new(recorder);
        let closed = Bytes::from_static(b"le caf\xe9 est ferm\xe9");
        let refused = move |_: &Seen| Reply::new(503, vec![Step::Piece(closed.clone())]);
        let service = Service::start(refused).await;
        let (call, _taken) = start(answer, &service.base, Plan::default());
        let ended = ended(scene.end_of(PATIENCE, call).await)?;
        let is_status = matches!(ended.result, Err(ApiError::Status { code: 503, .. }));
        ensure(is_status, || {
            Fault::new("wrong_error_returned")
                .happened(format!(
                    "the service answered with status 503 and a text that isn't UTF-8, and `export` returned {}",
                    told(&ended.result)
                ))
                .expected("it returns `Status` with code 503, whatever the text says")
                .next("in `export`, do with a status what `user` does: put both into a function of their own")
        })
    });
}

fn a_broken_export_is_an_error(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for whole in [2, 0] {
            let scene = Scene::new(recorder);
            let mut steps: Vec<_> = (0..whole).map(bytes).map(Step::Piece).collect();
            steps.extend([piece("the beginning of"), Step::Wait(ms(0)), Step::Break]);
            let service = Service::start(move |_| Reply::new(200, steps.clone())).await;
            let (call, _taken) = start(answer, &service.base, Plan::default());
            let ended = ended(scene.end_of(PATIENCE, call).await)?;
            let happened = "the connection broke in the middle of the export";
            match ended.result {
                Err(ApiError::Interrupted) => {}
                Ok(_) => {
                    return Err(Fault::new("error_swallowed")
                        .happened(format!(
                            "{happened}, and `export` returned {}",
                            told(&ended.result)
                        ))
                        .expected("it returns `Interrupted`: its caller must not take a part for the whole")
                        .next("in `export`, match on what `chunk()` returns: `Ok(None)` is the end, and `Err` isn't"));
                }
                Err(error) => {
                    let is_decode = matches!(error, ApiError::Decode);
                    return Err(Fault::new(if is_decode {
                        "transport_error_reported_as_decode"
                    } else {
                        "wrong_error_returned"
                    })
                    .happened(format!("{happened}, and `export` returned {}", told_error(&error)))
                    .expected("it returns `Interrupted`")
                    .next("in `export`, return `Interrupted` for an error of `chunk()` that isn't a timeout: to reqwest, every error of a body is of the kind \"decode\""));
                }
            }
            let hits = service.hits();
            ensure(hits == 1, || unrequested_retry(happened, hits))?;
        }
        Ok(())
    });
}

/// Nobody is there, or somebody who closes the connection without a word.
fn no_export_at_all_is_an_error(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let (scene, nobody) = (Scene::new(recorder), Nobody::new());
        let (call, _taken) = start(answer, &nobody.base, Plan::default());
        let ended = scene.end_of(PATIENCE, call).await;
        fails_as(
            ended,
            &ApiError::Connect,
            "nobody listened at the service's address",
        )?;
        let (scene, service) = (Scene::new(recorder), HangsUp::start().await);
        let (call, _taken) = start(answer, &service.base, Plan::default());
        let ended = scene.end_of(PATIENCE, call).await;
        let happened = "the service closed the connection without an answer";
        let sent = service.requests();
        ensure(sent == 1, || unrequested_retry(happened, sent))?;
        fails_as(ended, &ApiError::Interrupted, happened)
    });
}

fn fails_as(came: Option<Ended<Exported>>, due: &ApiError, happened: &str) -> Checked {
    let came = ended(came)?;
    let is_due = matches!(&came.result, Err(error) if same_error(error, due));
    ensure(is_due, || {
        Fault::new("wrong_error_returned")
            .happened(format!(
                "{happened}, and `export` returned {}",
                told(&came.result)
            ))
            .expected(format!("it returns `{due:?}`"))
            .next("in `export`, do with an error of `send()` what `user` does: put both into a function of their own")
    })
}

fn unrequested_retry(happened: &str, sent: usize) -> Fault {
    Fault::new("unrequested_retry")
        .happened(format!(
            "{happened}, and `export` sent {}",
            counted(sent, "request")
        ))
        .expected("it sends one: its caller decides what to do with the part that has arrived")
        .next("in `export`, remove the retry")
}

/// It takes nothing, so after what fits into the buffers on the way the service has to wait.
fn a_stuck_sink_stops_the_service(answer: &Answer) {
    const PIECES: usize = 1024;
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let same = bytes(0);
        let service =
            Service::start(move |_| Reply::new(200, vec![Step::Piece(same.clone()); PIECES]));
        let service = service.await;
        let stuck = Plan {
            is_stuck: true,
            ..Plan::default()
        };
        let (call, _taken) = start(answer, &service.base, stuck);
        let mut sent = usize::MAX;
        while service.pieces() != sent {
            sent = service.pieces();
            for _ in 0..3 {
                scene.settle().await;
            }
        }
        ensure(sent > 0, || not_asked(FUNCTION))?;
        ensure(sent < PIECES / 2, || {
            Fault::new("backpressure_lost")
                .happened(format!(
                    "the sink took nothing, and `export` read {} MiB of the export into memory",
                    (sent * PIECE) >> 20
                ))
                .expected("it reads the next piece when the sink has taken the last: then the connection fills up, and the service waits")
                .next("in `export`, await the write of a piece before you ask for the next, without a task or a channel between them")
        })?;
        drop(call);
        Ok(())
    });
}

fn the_errors_of_the_sink_are_passed_on(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let pieces = || vec![Step::Piece(bytes(0)), Step::Piece(bytes(1))];
        let writes = [0, PIECE].map(|limit| {
            let mut steps = pieces();
            steps.push(Step::Stall);
            let plan = Plan {
                fails_at: Some(limit),
                ..Plan::default()
            };
            (steps, plan)
        });
        let flush = Plan {
            flush_fails: true,
            ..Plan::default()
        };
        for (steps, fails) in writes.into_iter().chain([(pieces(), flush)]) {
            let scene = Scene::new(recorder);
            let service = Service::start(move |_| Reply::new(200, steps.clone())).await;
            let (call, _taken) = start(answer, &service.base, fails);
            let ended = ended(scene.end_of(PATIENCE, call).await)?;
            let happened = "the sink failed: \"the disk is full\"";
            match &ended.result {
                Err(ApiError::Sink(error))
                    if error.kind() == io::ErrorKind::StorageFull
                        && error.to_string().contains("disk is full") => {}
                Err(ApiError::Sink(error)) => {
                    return Err(Fault::new("error_detail_lost")
                        .happened(format!(
                            "{happened}, and `export` returned `Sink({error:?})`"
                        ))
                        .expected("it returns the sink's own error, with its kind")
                        .next("in `export`, use `.map_err(ApiError::Sink)`"));
                }
                result => {
                    return Err(Fault::new(if result.is_ok() {
                        "error_swallowed"
                    } else {
                        "wrong_error_returned"
                    })
                    .happened(format!("{happened}, and `export` returned {}", told(result)))
                    .expected("it returns `Sink`, with that error: nothing is wrong with the service")
                    .next("in `export`, use `.map_err(ApiError::Sink)?` for the writes and for the flush"));
                }
            }
            scene.settle().await;
            ended_with_the_caller(FUNCTION, &service, 1)?;
        }
        Ok(())
    });
}

fn it_ends_with_its_caller(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let steps = vec![Step::Piece(bytes(0)), Step::Stall];
        let service = Service::start(move |_| Reply::new(200, steps.clone())).await;
        let (call, _taken) = start(answer, &service.base, Plan::default());
        ensure(scene.soon(|| service.pieces() == 1).await, || {
            not_asked(FUNCTION)
        })?;
        scene.settle().await;
        drop(call);
        scene.settle().await;
        ended_with_the_caller(FUNCTION, &service, 1)
    });
}

fn requests_share_a_connection(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(|seen| match seen.method.as_str() {
            "GET" if seen.path == "/export" => Reply::text(200, "all of it"),
            _ => Reply::user(seen.id()),
        });
        let service = service.await;
        let api = (answer.api)(&service.base, LIMIT);
        for _ in 0..10 {
            let called = api.clone();
            let (mut sink, _taken) = Sink::new(Plan::default());
            let call = Call::start(async move { called.call_export(&mut sink).await.is_ok() });
            scene.end_of(PATIENCE, call).await;
            scene.settle().await;
            let ([id], called) = (new_ids(), api.clone());
            let call = Call::start(async move { called.call_user(id).await.is_ok() });
            scene.end_of(PATIENCE, call).await;
            scene.settle().await;
        }
        recorder.restart();
        one_client(FUNCTION, "user", &service)
    });
}
