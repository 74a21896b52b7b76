//! A call of a function under test, and what the tests see of it.

use std::thread::{self, ThreadId};

use async_workbook::{
    harness::{counted, ms},
    probes::drops::Drops,
    timeline::Recorder,
    verdict::{Fault, ensure, mark_in},
};
use tokio::{
    runtime::Handle,
    time::{Instant, sleep, timeout},
};

use crate::{
    faults::{Checked, goes_on},
    watched::{Watched, millis, shown},
};

/// Begins a scenario before any of its futures is made: the timeline shows the last scenario.
pub(crate) fn scenario(recorder: &Recorder) -> Drops {
    recorder.restart();
    Drops::new()
}

/// What came of calling a function under test.
pub(crate) struct Seen<T> {
    pub(crate) result: T,
    pub(crate) took: u64,
    pub(crate) watched: Vec<Watched>,
    /// How many tasks are alive long after it has returned.
    pub(crate) tasks: usize,
}

impl<T> Seen<T> {
    pub(crate) fn no_task_is_left(&self) -> Checked {
        ensure(self.tasks == 0, || {
            goes_on(format!(
                "the function returned at {}, and left {} running that it had spawned",
                shown(self.took),
                counted(self.tasks, "task")
            ))
        })
    }
}

/// Awaits a function under test, then gives whatever it left running the time to show.
pub(crate) async fn observe<T>(drops: &Drops, function: impl Future<Output = T>) -> Seen<T> {
    let start = Instant::now();
    let result = function.await;
    let took = millis(start, Instant::now());
    sleep(ms(30_000)).await;
    let home = thread::current().id();
    let lives = drops.lives();
    Seen {
        result,
        took,
        watched: lives
            .iter()
            .map(|life| Watched::since(start, home, life))
            .collect(),
        tasks: Handle::current().metrics().num_alive_tasks(),
    }
}

/// Two calls, the second while the first is running. Each passes on its own, so whatever fails here they share.
pub(crate) async fn at_once(
    first: impl Future<Output = Checked>,
    second: impl Future<Output = Checked>,
) -> Checked {
    let later = async {
        sleep(ms(50)).await;
        second.await
    };
    let (first, second) = tokio::join!(first, later);
    first.and(second).map_err(|fault| {
        Fault::new("state_shared_between_calls")
            .happened(format!(
                "the function is right when it runs alone, but not while another call of it is running: {}",
                fault.happened
            ))
            .expected(fault.expected)
            .next("replace your `static` with local variables: all calls share a `static`")
    })
}

/// Waits, unless the answer moved it to another thread: there, the paused clock would wait for this future in turn.
pub(crate) async fn wait(home: ThreadId, millis: u64) {
    if millis > 0 && thread::current().id() == home {
        sleep(ms(millis)).await;
    }
}

/// The caller drops the function's future at one instant. Every watched future must be gone by then.
pub(crate) async fn dropped_at(drops: &Drops, instant: u64, function: impl Future) -> Checked {
    mark_in(ms(instant), "dropped by its caller");
    let seen = observe(drops, timeout(ms(instant), function)).await;
    ensure(
        seen.watched.iter().all(|watched| watched.made <= instant),
        || {
            goes_on(format!(
                "the caller dropped the function's future at {}, and another call was made afterwards",
                shown(instant)
            ))
        },
    )?;
    let left = seen
        .watched
        .iter()
        .find(|watched| watched.ended.is_none_or(|ended| ended > instant));
    match left {
        None => Ok(()),
        Some(left) => Err(goes_on(format!(
            "the caller dropped the function's future at {}, and the future that it was waiting for {}",
            shown(instant),
            left.end()
        ))),
    }
}
