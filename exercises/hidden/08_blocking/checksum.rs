//! The hidden tests of `checksum`.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_workbook::{
    harness::{Task, counted, task},
    probes::heartbeat::Heartbeat,
    services::cpu_work::{CpuCall, CpuWork, Operation},
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};
use tokio::{task::yield_now, time};
use tokio_util::task::AbortOnDropHandle;

use crate::{
    Answer,
    heart::{Watched, drawn, fault_of, one_yield_at_the_start, show_beats},
};

pub(crate) const TASK: Task<Answer> = task!(
    checksum: others_run_after_each_chunk,
    every_byte_counts_once,
);

/// The limit that the exercise gives, even if an answer changes its own `CHUNK`.
const CHUNK: usize = 4096;

/// Bytes that don't repeat within many chunks, and differ from salt to salt.
fn data(salt: u64, len: usize) -> Vec<u8> {
    let mut state = salt.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let byte = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..len).map(byte).collect()
}

/// What the answer did, and whether the clock had to be moved on for it.
async fn watched(answer: &Answer, data: &[u8]) -> (Watched, bool) {
    // Between two ticks of the timer, as a real clock would be: even a sleep of zero has to wait for the next tick.
    time::advance(Duration::from_micros(500)).await;
    let ticks = Arc::new(AtomicU64::new(0));
    let watched = Watched::new(async |cpu_work| {
        let ticking = tokio::spawn(tick(cpu_work.clone(), Arc::clone(&ticks)));
        let _ticking = AbortOnDropHandle::new(ticking);
        (answer.checksum)(cpu_work, data).await
    });
    (watched.await, ticks.load(Ordering::Relaxed) > 0)
}

/// Moves the paused clock on when the answer no longer digests anything, and so may be waiting for a timer. Without
/// this the clock would stand still, because the heart is always ready.
async fn tick(cpu_work: CpuWork, ticks: Arc<AtomicU64>) {
    // An answer may yield more often than it must.
    let mut rounds = 3_000;
    loop {
        let before = cpu_work.calls().len();
        for _ in 0..rounds {
            yield_now().await;
        }
        if cpu_work.calls().len() == before {
            ticks.fetch_add(1, Ordering::Relaxed);
            time::advance(Duration::from_secs(3600)).await;
            rounds = 100;
        }
    }
}

/// The checksum, computed without the `CpuWork` of the answer.
fn right(data: &[u8]) -> u64 {
    CpuWork::new(&Heartbeat::start()).digest(0, data)
}

fn bytes(call: &CpuCall) -> usize {
    match call.operation {
        Operation::Digest(bytes) => bytes,
        Operation::Fib(_) => 0,
    }
}

fn others_run_after_each_chunk(answer: &Answer) {
    examine(async |_: &Recorder| {
        for (salt, len) in [(1, 3 * CHUNK), (2, 7 * CHUNK + 17), (3, CHUNK + 1)] {
            let data = data(salt, len);
            let (watched, waited) = watched(answer, &data).await;
            if let Err(message) = &watched.outcome {
                return Err(fault_of(message.clone()));
            }
            digested(len, &watched.calls)?;
            on_this_thread(&watched.calls)?;
            gave_way(answer, len, &watched).await?;
            waited_for_nothing(len, waited)?;
            show_beats("checksum", &watched.calls);
        }
        Ok(())
    });
}

fn waited_for_nothing(len: usize, waited: bool) -> Result<(), Fault> {
    ensure(!waited, || {
        Fault::new("sleep_used_to_yield")
            .happened(format!("with {} to digest, the function waited for a timer, although no other task had work to do", counted(len, "byte")))
            .expected("it stays ready: the other tasks run once each, and then it goes on")
            .next("replace the sleep with `yield_now().await`, which gives way without waiting for a timer")
    })
}

fn digested(len: usize, calls: &[CpuCall]) -> Result<(), Fault> {
    ensure(calls.iter().map(bytes).sum::<usize>() > 0, || {
        Fault::new("library_bypassed")
            .happened(format!(
                "there were {}, and `cpu_work` digested none of them",
                counted(len, "byte")
            ))
            .expected(
                "`cpu_work.digest` computes the sum: the tests can't watch any other computation",
            )
            .next("start with `sum = 0`, and continue with `sum = cpu_work.digest(sum, piece)`")
    })
}

fn on_this_thread(calls: &[CpuCall]) -> Result<(), Fault> {
    let away = calls.iter().filter(|call| !call.stage.on_loop).count();
    ensure(away == 0, || {
        let fault = Fault::new("needless_thread")
            .happened(format!("{away} of {} were digested on another thread", counted(calls.len(), "piece")))
            .expected("all of it stays on the thread that awaits the function: the data is borrowed, and needn't be copied")
            .next("remove the thread or `spawn_blocking`: digest a chunk here, then give way with `yield_now().await`");
        drawn(fault, "checksum", calls)
    })
}

/// The most bytes that were digested without a beat in between, and how many beats there were.
fn pace(calls: &[CpuCall]) -> (usize, usize) {
    let (mut longest, mut run, mut beaten) = (0, 0, 0);
    let mut before: Option<&CpuCall> = None;
    for call in calls {
        if before.is_some_and(|before| before.stage.to < call.stage.from) {
            beaten += 1;
            run = 0;
        }
        run += bytes(call);
        longest = longest.max(run);
        before = Some(call);
    }
    (longest, beaten)
}

/// Whether there are beats between the pieces if there are enough pieces.
async fn gives_way_in_the_end(answer: &Answer) -> bool {
    // Fewer pieces than the 128 operations after which tokio's own futures give way by themselves.
    let (watched, _) = watched(answer, &data(9, 100 * CHUNK)).await;
    pace(&watched.calls).1 > 0
}

/// No stretch is longer than `CHUNK`.
async fn gave_way(answer: &Answer, len: usize, watched: &Watched) -> Result<(), Fault> {
    let calls = &watched.calls;
    let (longest, beaten) = pace(calls);
    let rarely =
        beaten > 0 || (longest > CHUNK && calls.len() > 1 && gives_way_in_the_end(answer).await);
    let last = calls.last().map_or(watched.end, |call| call.stage.to);
    ensure(longest <= CHUNK, || {
        let pieces = counted(calls.len(), "piece");
        let fault = if rarely {
            Fault::new("yields_too_far_apart")
                .happened(format!(
                    "of {} in {pieces}, {longest} were digested without a beat in between",
                    counted(len, "byte")
                ))
                .next(format!(
                    "call `yield_now().await` after every chunk, and keep each chunk to {CHUNK} bytes"
                ))
        } else if calls[0].stage.task.is_some() {
            Fault::new("spawn_used_for_blocking_work")
                .happened(format!(
                    "a task of its own digested all {}, on the same thread, and the heart beat 0 times meanwhile",
                    counted(len, "byte")
                ))
                .next("call `yield_now().await` after each chunk: a task keeps the thread until it gives way")
        } else if calls[0].stage.from > watched.start {
            one_yield_at_the_start("the first chunk")
                .next("call `yield_now().await` after each chunk: one yield lets the other tasks run only once")
        } else if calls.len() > 1 && watched.end > last {
            Fault::new("one_yield_at_the_end")
                .happened(format!(
                    "the function digested all {}, in {pieces}, before the heart beat for the first time",
                    counted(len, "byte")
                ))
                .next("call `yield_now().await` inside the loop, after each chunk, and don't join the chunks' futures: they'd all yield at once")
        } else if calls.len() == 1 {
            Fault::new("blocking_call_in_async_code")
                .happened(format!(
                    "the function digested all {} in one piece, and the heart beat 0 times meanwhile",
                    counted(len, "byte")
                ))
                .next("split the data with `data.chunks(CHUNK)`, and call `yield_now().await` after each chunk")
        } else {
            Fault::new("await_that_never_yields")
                .happened(format!("the function digested {} in {pieces}, and the heart beat 0 times between them: it awaited nothing there, or only futures that were ready at once", counted(len, "byte")))
                .next("await `tokio::task::yield_now()` after each chunk: an `.await` gives way only if its future isn't ready (`std::thread::yield_now` doesn't help: it gives way to other threads, not tasks)")
        };
        let fault = fault.expected(format!("the heart beats after at most {CHUNK} bytes"));
        drawn(fault, "checksum", calls)
    })
}

fn every_byte_counts_once(answer: &Answer) {
    examine(async |_: &Recorder| {
        for (salt, len) in [
            (1, 0),
            (2, 1),
            (3, CHUNK - 1),
            (4, CHUNK),
            (5, CHUNK + 1),
            // The same length again, with different bytes.
            (8, CHUNK + 1),
            (6, 2 * CHUNK),
            (7, 3 * CHUNK + 300),
        ] {
            let data = data(salt, len);
            let (watched, waited) = watched(answer, &data).await;
            let done: usize = watched.calls.iter().map(bytes).sum();
            on_this_thread(&watched.calls)?;
            if watched.outcome.is_ok() {
                waited_for_nothing(len, waited)?;
            }
            let value = watched.outcome.map_err(fault_of)?;
            let given = counted(len, "byte");
            ensure(done >= len, || {
                Fault::new("bytes_lost")
                    .happened(format!("the function digested {done} of {given}"))
                    .expected("it digests every byte, including a last chunk that isn't full")
                    .next(
                        "use `chunks`, which gives the rest as a shorter chunk: `chunks_exact` leaves it out",
                    )
            })?;
            ensure(done == len, || {
                Fault::new("bytes_counted_twice")
                    .happened(format!("there were {given}, and the function digested {done}"))
                    .expected("it digests each byte once")
                    .next("start each chunk where the one before it ends, or use `data.chunks(CHUNK)`")
            })?;
            let expected = right(&data);
            ensure(value == expected, || {
                Fault::new("wrong_result_computed")
                    .happened(format!("the function returned {value:#x} for {given}"))
                    .expected(format!("it returns {expected:#x}: 0 for no bytes, and otherwise what `digest` gives for the pieces in order, each with the sum so far"))
                    .next("start with `sum = 0`, and continue with `sum = cpu_work.digest(sum, chunk)`")
            })?;
        }
        Ok(())
    });
}
