//! The hidden tests of `fib`.

use async_workbook::{
    harness::{Task, task},
    services::cpu_work::{CpuCall, Operation},
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};
use tokio::time;

use crate::{
    Answer,
    heart::{Watched, drawn, fault_of, known_panic, one_yield_at_the_start},
};

pub(crate) const TASK: Task<Answer> = task!(
    fib: the_loop_is_free_while_it_computes,
    the_value_is_right,
    a_panic_surfaces,
);

async fn watched(answer: &Answer, n: u64) -> Watched {
    // With a heart beside it, a paused clock would stand still; and a timeout around the job must not run
    // out before its time.
    time::resume();
    let watched = Watched::new(async |cpu_work| (answer.fib)(cpu_work, n).await).await;
    time::pause();
    watched
}

/// What it returned for `n`, if another thread computed it while the loop was free.
async fn computed(answer: &Answer, n: u64) -> Result<u64, Fault> {
    let watched = watched(answer, n).await;
    let value = watched.outcome.map_err(fault_of)?;
    computed_once(n, watched.begun, &watched.calls)?;
    let stage = watched.calls[0].stage;
    ensure(!stage.on_loop, || {
        let fault = if stage.task.is_some() {
            Fault::new("spawn_moves_no_thread")
                .happened(format!("`fib({n})` was computed in a task of its own, on the runtime's thread: tasks take turns on it"))
                .next("`tokio::spawn` takes a future to poll; a closure for another thread goes to `spawn_blocking`")
        } else if stage.from > watched.start {
            one_yield_at_the_start("the computation").next(
                "waiting for something else beforehand lets the others run once; it is `cpu_work.fib` that has to be called in the closure for `spawn_blocking`",
            )
        } else {
            Fault::new("blocks_the_loop")
                .happened(format!("`fib({n})` was computed on the runtime's thread, and the heart beat 0 times meanwhile"))
                .next("`async` moves nothing to another thread. `spawn_blocking` does: its closure calls `cpu_work.fib` itself, and makes no future of it")
        };
        let fault = fault.expected(
            "another thread computes, while the runtime's runs other tasks: more than 0 beats",
        );
        drawn(fault, "fib", &watched.calls)
    })?;
    ensure(stage.beats() > 0, || {
        let fault = Fault::new("thread_joined_on_the_loop")
            .happened(format!("another thread computed `fib({n})`, but the heart beat 0 times: the runtime's thread stood still until the other had ended"))
            .expected("the runtime's thread runs other tasks until the result is there: more than 0 beats")
            .next("await the result: the handle of `spawn_blocking`, or a `tokio::sync::oneshot` that the thread sends to; `join`, `recv` and `block_on` keep the thread");
        drawn(fault, "fib", &watched.calls)
    })?;
    Ok(value)
}

fn the_loop_is_free_while_it_computes(answer: &Answer) {
    examine(async |_: &Recorder| {
        // One of them twice: each call computes anew.
        for n in [17, 5, 20, 1, 17] {
            computed(answer, n).await?;
        }
        Ok(())
    });
}

fn computed_once(n: u64, begun: usize, calls: &[CpuCall]) -> Result<(), Fault> {
    let asked = calls
        .iter()
        .filter(|call| call.operation == Operation::Fib(n));
    let asked = asked.count();
    ensure(asked > 0, || {
        let made = calls.iter().map(|call| match call.operation {
            Operation::Fib(other) => format!("`fib({other})`"),
            Operation::Digest(_) => "`digest`".to_owned(),
        });
        let mut made: Vec<_> = made.take(4).collect();
        if calls.len() > made.len() {
            made[3] = format!("{} more", calls.len() - 3);
        }
        Fault::new("library_not_called")
            .happened(if made.is_empty() {
                format!("`cpu_work.fib({n})` was not called, or not waited for")
            } else {
                format!("`cpu_work` was asked for {}, and not for `fib({n})`", made.join(", "))
            })
            .expected(format!("`cpu_work.fib({n})` computes the result: whoever computes it otherwise cannot be watched"))
            .next("clone `cpu_work`, call `fib` on the clone in the other thread, and await its end")
    })?;
    called_once(begun)
}

fn called_once(begun: usize) -> Result<(), Fault> {
    ensure(begun <= 1, || {
        Fault::new("computed_too_often")
            .happened(format!(
                "`cpu_work` was called {begun} times for one result"
            ))
            .expected("it is called once, also where it panics")
            .next("keep the result of the first call, and try nothing twice")
    })
}

fn the_value_is_right(answer: &Answer) {
    examine(async |_: &Recorder| {
        let right = [(0, 0), (1, 1), (2, 1), (10, 55), (16, 987), (21, 10_946)];
        for (n, expected) in right {
            let value = computed(answer, n).await?;
            ensure(value == expected, || {
                Fault::new("wrong_value")
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
            let watched = watched(answer, n).await;
            match watched.outcome {
                // A panic; but it may not be the one of `CpuWork`.
                Err(message) => known_panic(&message).map_or(Ok(()), Err)?,
                Ok(value) => {
                    return Err(Fault::new("panic_swallowed")
                        .happened(format!("`cpu_work.fib({n})` panics, and the function returned {value} as if nothing had happened"))
                        .expected("the function panics too: there is no right value to return")
                        .next("the `Err` of a join handle is the panic: `unwrap` or `expect` it"));
                }
            }
            called_once(watched.begun)?;
        }
        Ok(())
    });
}
