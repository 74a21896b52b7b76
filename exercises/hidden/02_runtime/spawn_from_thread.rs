//! The hidden tests of `spawn_from_thread`.

use std::{
    panic,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_workbook::{
    harness::{Task, ms, task},
    verdict::{Fault, ensure},
};
use tokio::{
    sync::oneshot,
    task::yield_now,
    time::{self, sleep},
};

use crate::{
    Answer, Spawn,
    drops::Dropped,
    faults::given_up_too_early,
    handover::{Case, cancelled, gives, output, spawned},
    panics::words_of,
    runtimes::a_day,
    stillness::{Stillness, examine},
};

pub(crate) const TASK: Task<Answer> = task!(
    spawn_from_thread: the_runtime_does_the_work,
    a_thread_of_the_runtime_polls_it,
    neither_the_caller_nor_a_worker_waits,
    nothing_but_the_work_takes_time,
    to_abort_the_handle_is_to_drop_the_work,
    its_panic_is_in_the_handle,
)
.isolated();

/// Work that is ready at once is polled in the right place. Without that, nothing else is worth a test.
fn well_placed(spawn: Spawn, case: &Case, stillness: &Stillness) -> Result<(), Fault> {
    let (task, watched) = spawned(spawn, case, stillness, async { 1 })?;
    output(case, task, &watched)?;
    watched.well_placed()
}

fn the_runtime_does_the_work(answer: &'static Answer) {
    examine(move |stillness| {
        for case in Case::all() {
            for number in [42, 0, 7_000_000_000] {
                let (task, watched) = spawned(
                    answer.spawn_from_thread,
                    &case,
                    stillness,
                    async move { number },
                )?;
                gives(number, output(&case, task, &watched)?)?;
            }
        }
        Ok(())
    });
}

fn a_thread_of_the_runtime_polls_it(answer: &'static Answer) {
    examine(move |stillness| {
        for case in Case::all() {
            well_placed(answer.spawn_from_thread, &case, stillness)?;
            let work = async {
                for _ in 0..3 {
                    yield_now().await;
                }
                sleep(ms(1)).await;
                5
            };
            let (task, watched) = spawned(answer.spawn_from_thread, &case, stillness, work)?;
            output(&case, task, &watched)?;
            watched.well_placed()?;
        }
        Ok(())
    });
}

fn neither_the_caller_nor_a_worker_waits(answer: &'static Answer) {
    examine(move |stillness| {
        for workers in [1, 0] {
            let case = Case::new(workers);
            well_placed(answer.spawn_from_thread, &case, stillness)?;
            let (finish, finished) = oneshot::channel();
            let work = async { finished.await.unwrap_or_default() };
            let (task, watched) = spawned(answer.spawn_from_thread, &case, stillness, work)?;
            // The work waits for this thread, which goes on only after another task has had its turns.
            let another = case.runtime.spawn(async {
                for _ in 0..10 {
                    yield_now().await;
                }
            });
            case.runtime.block_on(another).expect("it does not panic");
            finish.send(9).ok();
            gives(9, output(&case, task, &watched)?)?;
        }

        let case = Case::not_driven();
        let ended = Arc::new(AtomicBool::new(false));
        let work = {
            let ended = Arc::clone(&ended);
            async move {
                a_day().await;
                ended.store(true, Ordering::SeqCst);
                7
            }
        };
        let (task, watched) = spawned(answer.spawn_from_thread, &case, stillness, work)?;
        let joined = case.runtime.block_on(task);
        ensure(ended.load(Ordering::SeqCst), || match joined {
            Err(error) if error.is_cancelled() => cancelled(),
            Ok(_) | Err(_) => given_up_too_early("the work was dropped while it waited"),
        })?;
        watched.well_placed()
    });
}

/// On a paused clock, whatever waits for a time waits for ever.
fn nothing_but_the_work_takes_time(answer: &'static Answer) {
    examine(move |stillness| {
        let case = Case::not_driven();
        well_placed(answer.spawn_from_thread, &case, stillness)?;
        case.runtime.block_on(async { time::pause() });
        let (finish, finished) = oneshot::channel();
        let work = async { finished.await.unwrap_or_default() };
        let (task, watched) = spawned(answer.spawn_from_thread, &case, stillness, work)?;
        case.turns();
        watched.begun_at_once()?;
        finish.send(3).ok();
        case.turns();
        ensure(task.is_finished(), || {
            watched.needless_wait("the work had ended and every task of the runtime had its turns, but the handle still had no output")
        })?;
        gives(3, output(&case, task, &watched)?)?;
        watched.well_placed()
    });
}

fn to_abort_the_handle_is_to_drop_the_work(answer: &'static Answer) {
    examine(move |stillness| {
        let case = Case::new(1);
        well_placed(answer.spawn_from_thread, &case, stillness)?;
        let dropped = Dropped::default();
        let guard = dropped.guard(stillness);
        let (finish, finished) = oneshot::channel();
        let work = async move {
            let _guard = guard;
            finished.await.unwrap_or_default()
        };
        let (task, watched) = spawned(answer.spawn_from_thread, &case, stillness, work)?;
        case.turns();
        watched.begun_at_once()?;
        task.abort();
        case.turns();
        let aborted = dropped.get() && task.is_finished();
        // Whatever still waits for it must end with the test.
        finish.send(0).ok();
        ensure(aborted, || {
            Fault::new("inner_task_not_aborted")
                .happened("the handle was aborted, but the work went on, in a task or on a thread that the handle doesn't know about")
                .expected("aborting the handle drops the work")
                .next("spawn the work itself, without another task around it that awaits it")
        })
    });
}

/// A panic can be of any type. This one says nothing.
struct Payload(u8);

fn its_panic_is_in_the_handle(answer: &'static Answer) {
    examine(move |stillness| {
        for case in [1, 0].map(Case::new) {
            well_placed(answer.spawn_from_thread, &case, stillness)?;
            let work = async {
                yield_now().await;
                panic!("the work's own panic")
            };
            let (task, watched) = spawned(answer.spawn_from_thread, &case, stillness, work)?;
            let joined = case.runtime.block_on(task);
            watched.well_placed()?;
            let gave = match joined {
                Ok(output) => output.to_string(),
                Err(error) => error.try_into_panic().map_or_else(
                    |_| "an error that isn't a panic".into(),
                    |panic| format!("a panic that says \"{}\"", words_of(panic)),
                ),
            };
            ensure(gave.contains("the work's own panic"), || {
                panic_swallowed(&format!("the work panicked, but its handle yielded {gave}"))
            })?;
        }

        let case = Case::new(1);
        let work = async { panic::panic_any(Payload(7)) };
        let (task, _) = spawned(answer.spawn_from_thread, &case, stillness, work)?;
        let joined = case.runtime.block_on(task);
        let panic = joined.err().and_then(|error| error.try_into_panic().ok());
        let payload = panic.and_then(|panic| panic.downcast::<Payload>().ok());
        ensure(payload.is_some_and(|payload| payload.0 == 7), || {
            panic_swallowed(
                "the work panicked with a value of its own type, but its handle yielded something else",
            )
        })
    });
}

fn panic_swallowed(happened: &str) -> Fault {
    Fault::new("panic_swallowed")
        .happened(happened)
        .expected("the handle's `JoinError` holds the work's own panic")
        .next("spawn the work itself, without catching its panic: the task keeps it for the code that awaits the handle")
}
