//! The hidden tests of `fib`.

use std::{
    cell::Cell,
    collections::BTreeSet,
    future::poll_fn,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use async_workbook::{
    clock::Hold,
    harness::{Task, task},
    probes::{heartbeat::Heartbeat, rest::parked},
    services::cpu_work::{CpuCall, CpuWork, Operation},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine},
};
use futures::{
    future::LocalBoxFuture,
    stream::{FuturesUnordered, StreamExt as _},
};
use tokio::{runtime::Builder, task::yield_now, time::advance};

use crate::{
    Answer,
    heart::{Watched, drawn, fault_of, known_panic, one_yield_at_the_start, show_beats},
};

pub(crate) const TASK: Task<Answer> = task!(
    fib: the_loop_is_free_while_it_computes,
    the_value_is_right,
    a_panic_surfaces,
    it_is_woken,
);

/// What the answer did, and how many jobs it gave the blocking pool.
fn watched(answer: &Answer, n: u64) -> (Watched, usize) {
    let jobs = Arc::new(AtomicUsize::new(0));
    let begun = Arc::clone(&jobs);
    // On the real clock: with a heart beside it, a paused clock would stand still, and a timeout around the job must
    // not run out early. Not on the test's own runtime, whose threads aren't counted.
    let watched = thread::scope(|scope| {
        let thread = scope.spawn(move || {
            let runtime = Builder::new_current_thread()
                .enable_all()
                .on_thread_start(move || {
                    begun.fetch_add(1, Ordering::Relaxed);
                })
                .build()
                .expect("a runtime needs only file descriptors");
            let call = Watched::new(async |cpu_work| (answer.fib)(cpu_work, n).await);
            let watched = runtime.block_on(call);
            runtime.shutdown_background();
            watched
        });
        thread.join()
    });
    let watched = watched.expect("the answer's panics are caught");
    (watched, jobs.load(Ordering::Relaxed))
}

/// What the answer returned for `n`, if another thread computed it while the loop was free.
fn computed(answer: &Answer, n: u64) -> Result<u64, Fault> {
    let (watched, jobs) = watched(answer, n);
    let value = watched.outcome.map_err(fault_of)?;
    computed_once(n, watched.begun, &watched.calls)?;
    let stage = watched.calls[0].stage;
    ensure(!stage.on_loop, || {
        let fault = if stage.task.is_some() {
            Fault::new("spawn_used_for_blocking_work")
                .happened(format!("a task of its own computed `fib({n})`, but on the runtime's thread, where tasks take turns"))
                .next("replace `tokio::spawn` with `spawn_blocking`, which calls a closure on another thread")
        } else if jobs > 0 {
            Fault::new("blocking_call_in_async_code")
                .happened(format!("the blocking pool got a job, but the runtime's thread computed `fib({n})`"))
                .next("call `cpu_work.fib` in the closure for `spawn_blocking` itself: if the closure returns a future, the runtime's thread polls it")
        } else if stage.from > watched.start {
            one_yield_at_the_start("the computation").next(
                "call `cpu_work.fib` in a closure for `spawn_blocking`: waiting for something else first lets the other tasks run only once",
            )
        } else {
            Fault::new("blocking_call_in_async_code")
                .happened(format!("the runtime's thread computed `fib({n})`, and the heart beat 0 times meanwhile"))
                .next("call `cpu_work.fib` in a closure for `spawn_blocking`: `async` alone moves nothing to another thread")
        };
        let fault = fault.expected(
            "another thread computes while the runtime's thread runs other tasks, and the heart beats",
        );
        drawn(fault, "fib", &watched.calls)
    })?;
    ensure(stage.beats() > 0, || {
        let fault = Fault::new("thread_joined_in_async_code")
            .happened(format!("another thread computed `fib({n})`, but the heart beat 0 times: the runtime's thread stood still until the other had ended"))
            .expected("the runtime's thread runs other tasks until the result is there, and the heart beats")
            .next("await the handle of `spawn_blocking`: `join`, `recv` and `block_on` keep the runtime's thread");
        drawn(fault, "fib", &watched.calls)
    })?;
    show_beats("fib", &watched.calls);
    Ok(value)
}

fn the_loop_is_free_while_it_computes(answer: &Answer) {
    examine(async |_: &Recorder| {
        // One of them twice: each call has to compute.
        for n in [17, 5, 20, 1, 17] {
            computed(answer, n)?;
        }
        Ok(())
    });
}

fn computed_once(n: u64, begun: usize, calls: &[CpuCall]) -> Result<(), Fault> {
    let asked = calls
        .iter()
        .filter(|call| call.operation == Operation::Fib(n));
    let asked = asked.count();
    // A `static` may remember what another test of this process asked for.
    static COMPUTED: Mutex<BTreeSet<u64>> = Mutex::new(BTreeSet::new());
    let mut computed = COMPUTED.lock().unwrap_or_else(PoisonError::into_inner);
    ensure(!calls.is_empty() || !computed.contains(&n), || {
        Fault::new("unrequested_cache")
            .happened(format!("the test asked for `fib({n})` again, and the function returned an earlier result without calling `cpu_work`"))
            .expected("each call computes its result")
            .next("remove the cache, and call `cpu_work.fib(n)` each time")
    })?;
    if asked > 0 {
        computed.insert(n);
    }
    ensure(asked > 0, || {
        let made = calls.iter().map(|call| match call.operation {
            Operation::Fib(other) => format!("`fib({other})`"),
            Operation::Digest(_) => "`digest`".to_owned(),
        });
        let mut made: Vec<_> = made.take(4).collect();
        if calls.len() > made.len() {
            made[3] = format!("{} more", calls.len() - 3);
        }
        Fault::new("library_bypassed")
            .happened(if made.is_empty() {
                format!("the function didn't call `cpu_work.fib({n})`, or didn't wait for it")
            } else {
                format!("the function asked `cpu_work` for {}, and not for `fib({n})`", made.join(", "))
            })
            .expected(format!("`cpu_work.fib({n})` computes the result: the tests can't watch any other computation"))
            .next("clone `cpu_work`, call `fib` on the clone in the other thread, and await the result")
    })?;
    called_once(begun)
}

fn called_once(begun: usize) -> Result<(), Fault> {
    ensure(begun <= 1, || {
        Fault::new("extra_call_made")
            .happened(format!(
                "the function called `cpu_work` {begun} times for one result"
            ))
            .expected("it calls `cpu_work` once, even if that panics")
            .next("keep the result of the first call, and don't retry")
    })
}

fn the_value_is_right(answer: &Answer) {
    examine(async |_: &Recorder| {
        let right = [(0, 0), (1, 1), (2, 1), (10, 55), (16, 987), (21, 10_946)];
        for (n, expected) in right {
            let value = computed(answer, n)?;
            ensure(value == expected, || {
                Fault::new("wrong_result_computed")
                    .happened(format!("`fib({n})` gave {value}"))
                    .expected(format!("it gives {expected}, as `cpu_work.fib({n})` does"))
                    .next("return what `cpu_work.fib` returned")
            })?;
        }
        Ok(())
    });
}

fn a_panic_surfaces(answer: &Answer) {
    examine(async |_: &Recorder| {
        for n in [94, 1 << 32, u64::MAX] {
            let (watched, _) = watched(answer, n);
            match watched.outcome {
                // A panic, but perhaps not that of `CpuWork`.
                Err(message) => known_panic(&message).map_or(Ok(()), Err)?,
                Ok(value) => {
                    return Err(Fault::new("panic_swallowed")
                        .happened(format!("`cpu_work.fib({n})` panicked, but the function returned {value} as if nothing had happened"))
                        .expected("the function panics too: there's no right value to return")
                        .next("call `expect` on what the join handle gives: its `Err` is the panic"));
                }
            }
            called_once(watched.begun)?;
        }
        Ok(())
    });
}

/// How often the call was polled while there was nothing for it to do.
struct Asked {
    in_turns: usize,
    /// Whether the runtime's thread came to rest, whatever tasks the call has spawned.
    rested: bool,
    in_a_second: usize,
}

/// Calls the answer with a library that doesn't finish for a while, and counts its polls: in `TURNS` turns of the loop,
/// and in a second of the clock.
async fn asked(answer: &Answer) -> Asked {
    // Work off the loop lasts until the heart has beaten, and this heart's runtime isn't running yet.
    let still = Builder::new_current_thread().build();
    let still = still.expect("a runtime needs only file descriptors");
    let heartbeat = {
        let _inside = still.enter();
        Heartbeat::start()
    };
    let cpu_work = CpuWork::new(&heartbeat);
    // A thread of the answer's own doesn't stop the clock from jumping, so this does.
    let hold = Hold::new();
    let done = Arc::new(AtomicBool::new(false));
    let polls = Cell::new(0);
    let counts = Cell::new((0, 0));
    let rested = Cell::new(true);

    let mut call = (answer.fib)(&cpu_work, 10);
    let counted = poll_fn(|context| {
        polls.set(polls.get() + 1);
        call.as_mut().poll(context)
    });
    let call: LocalBoxFuture<'_, ()> = Box::pin(async {
        // Other tests look at the outcome.
        drop(catch_panic(counted).await);
        done.store(true, Ordering::Relaxed);
    });
    let watch: LocalBoxFuture<'_, ()> = Box::pin(async {
        for _ in 0..TURNS {
            yield_now().await;
        }
        let in_turns = polls.get();
        rested.set(in_turns > FEW || parked().await);
        for _ in 0..100 {
            advance(Duration::from_millis(10)).await;
            yield_now().await;
        }
        counts.set((in_turns, polls.get() - in_turns));
        let done = Arc::clone(&done);
        let cpu_work = cpu_work.clone();
        // From now on the heart beats, until the work or the call has ended.
        thread::spawn(move || {
            still.block_on(async {
                while !done.load(Ordering::Relaxed) && cpu_work.calls().is_empty() {
                    yield_now().await;
                }
            });
        });
    });
    // Each of them is polled only when it's woken itself.
    let mut both: FuturesUnordered<_> = [call, watch].into_iter().collect();
    // An answer that sleeps between its checks would sleep for ever while the clock is held.
    while counts.get().1 <= FEW && both.next().await.is_some() {}
    hold.release().await;
    let (in_turns, in_a_second) = counts.get();
    Asked {
        in_turns,
        rested: rested.get(),
        in_a_second,
    }
}

const TURNS: usize = 200;
/// How many polls may be in vain.
const FEW: usize = 8;

/// Waiting costs nothing: an answer that awaits the other thread is polled just once more, when that has ended.
fn it_is_woken(answer: &Answer) {
    examine(async |_: &Recorder| {
        computed(answer, 5)?;
        let Asked {
            in_turns,
            rested,
            in_a_second,
        } = asked(answer).await;
        ensure(rested, || {
            Fault::new("busy_wait")
                .happened("while another thread computed, a task that the function had spawned was ready all the time, so the runtime's thread never came to rest: that keeps a core busy for nothing")
                .expected("the task rests until the other thread has ended and wakes it")
                .next("await the handle of `spawn_blocking`, in the task too, instead of a loop around `is_finished` or `yield_now`")
        })?;
        ensure(in_turns <= FEW, || {
            Fault::new("busy_wait")
                .happened(format!("while another thread computed, the function asked {in_turns} times in {TURNS} turns of the loop whether it had ended: that keeps a core busy for nothing"))
                .expected("it rests until the other thread has ended and wakes it")
                .next("await the handle of `spawn_blocking` instead of a loop around `is_finished` or `yield_now`")
        })?;
        ensure(in_a_second <= FEW, || {
            Fault::new("needless_wait")
                .happened(format!("while another thread computed, the function checked {in_a_second} times in a second whether it had ended, so it learns of the end only at the next check"))
                .expected("it's woken as soon as the other thread has ended")
                .next("await the handle of `spawn_blocking` instead of a loop around `is_finished` and `sleep`")
        })
    });
}
