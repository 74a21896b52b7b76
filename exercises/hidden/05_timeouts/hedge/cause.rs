//! The cause of a fault that the calls don't explain.

use std::{
    cell::Cell,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use async_workbook::{
    clock::timed,
    harness::ms,
    services::upstream::Page,
    verdict::{Fault, catch_panic},
};
use tokio::time::{Instant, timeout};

use crate::{
    Answer, Calls, HOUR,
    causes::{blocking_call, each_run_blocks, goes_by_the_wall_clock, real_clock_used},
    observation::wait,
    opaque::Opaque,
    watched::{millis, shown},
};

pub(super) async fn cause(answer: &Answer) -> Option<Fault> {
    if waits_by_blocking(answer).await {
        return Some(blocking_call("the wait for `after`"));
    }
    if goes_by_the_wall_clock(async |begin| calls_while(answer, begin).await == 1).await {
        return Some(real_clock_used(
            "with `after` at 0.1 s, the function made the second call once 0.1 s had passed on the wall clock, and less on tokio's",
        ));
    }
    anew_in_a_loop(&lives(answer).await)
}

fn page() -> Page {
    Page {
        path: String::new(),
        body: String::new(),
    }
}

/// Whether the second call is made without a wait on tokio's clock.
async fn waits_by_blocking(answer: &Answer) -> bool {
    let at_once = Cell::new(true);
    let blocks = each_run_blocks(ms(50), async || {
        let (home, made) = (thread::current().id(), AtomicUsize::new(0));
        let call: Calls<Page> = Box::new(move || {
            let first = made.fetch_add(1, Ordering::Relaxed) == 0;
            Opaque::new(async move {
                wait(home, if first { HOUR } else { 0 }).await;
                page()
            })
        });
        let function = catch_panic((answer.hedge)(ms(50), call));
        let (result, took) = timed(timeout(ms(1), function)).await;
        at_once.set(at_once.get() && took.is_zero() && matches!(result, Ok(Ok(_))));
    });
    blocks.await && at_once.get()
}

/// How many calls the function makes, if the first of them begins with this and answers before a second one is due.
async fn calls_while(answer: &Answer, begin: fn()) -> usize {
    let (home, made) = (thread::current().id(), Arc::new(AtomicUsize::new(0)));
    let call: Calls<Page> = Box::new({
        let made = Arc::clone(&made);
        move || {
            let number = made.fetch_add(1, Ordering::Relaxed);
            Opaque::new(async move {
                if number == 0 {
                    begin();
                }
                wait(home, if number < TOO_MANY { 60 } else { 0 }).await;
                page()
            })
        }
    });
    // The answer is already known to be wrong.
    let _result = timeout(ms(1000), catch_panic((answer.hedge)(ms(100), call))).await;
    made.load(Ordering::Relaxed)
}

/// A call that never ends by itself, in milliseconds.
#[derive(Default)]
struct Life {
    made: u64,
    polled: Option<u64>,
    dropped: Option<u64>,
}

/// Stops an answer that calls without end.
const TOO_MANY: usize = 20;

/// When the second call is due in `lives`.
const AFTER: u64 = 200;

/// The lives of calls, until long after the second one is due.
async fn lives(answer: &Answer) -> Vec<Life> {
    let (home, start) = (thread::current().id(), Instant::now());
    let lives: Arc<Mutex<Vec<Life>>> = Arc::default();
    let call: Calls<Page> = Box::new({
        let lives = Arc::clone(&lives);
        move || {
            let mut all = locked(&lives);
            let end = End {
                lives: Arc::clone(&lives),
                index: all.len(),
                start,
            };
            let is_one_too_many = all.len() >= TOO_MANY;
            all.push(Life {
                made: millis(start, Instant::now()),
                ..Life::default()
            });
            Opaque::new(async move {
                locked(&end.lives)[end.index].polled = Some(millis(start, Instant::now()));
                wait(home, if is_one_too_many { 0 } else { HOUR }).await;
                page()
            })
        }
    });
    let _elapsed = timeout(ms(5 * AFTER), catch_panic((answer.hedge)(ms(AFTER), call))).await;
    let mut all = std::mem::take(&mut *locked(&lives));
    // Calls that end at the timeout end only because the function was dropped.
    for life in &mut all {
        life.dropped = life.dropped.filter(|dropped| *dropped < 5 * AFTER);
    }
    all
}

fn locked(lives: &Mutex<Vec<Life>>) -> std::sync::MutexGuard<'_, Vec<Life>> {
    lives.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes when it is dropped.
struct End {
    lives: Arc<Mutex<Vec<Life>>>,
    index: usize,
    start: Instant,
}

impl Drop for End {
    fn drop(&mut self) {
        let dropped = Some(millis(self.start, Instant::now()));
        if let Some(life) = locked(&self.lives).get_mut(self.index) {
            life.dropped = dropped;
        }
    }
}

/// Recognises a `select!` in a loop whose arms make the calls.
fn anew_in_a_loop(lives: &[Life]) -> Option<Fault> {
    let is_dropped = |life: &&Life| life.dropped.is_some();
    let first = lives.first().filter(|_| lives.len() > 2)?;
    // Without a loop, an answer may also give up two calls, one after the other.
    if let Some(dropped) = first.dropped
        && first.polled.is_some()
        && (4..TOO_MANY).contains(&lives.len())
    {
        return Some(
            Fault::new("call_restarted")
                .happened(format!(
                    "each call takes an hour. The function dropped the first at {}, and had made {} more by {}: each turn of the loop made new ones",
                    shown(dropped),
                    lives.len() - 1,
                    shown(5 * AFTER)
                ))
                .expected("the function makes two calls, and both go on")
                .next("make the first call before the loop, pin it, and use `&mut first` in the arm of the `select!`"),
        );
    }
    let unpolled = lives
        .iter()
        .filter(is_dropped)
        .find(|life| life.polled.is_none() && life.made < AFTER)?;
    Some(
        Fault::new("disabled_branch_evaluated")
            .happened(format!(
                "the function made a call at {}, and dropped it at {} without ever polling it. It made another at {}",
                shown(unpolled.made),
                shown(unpolled.dropped.unwrap_or_default()),
                shown(lives[lives.len() - 1].made)
            ))
            .expected(format!("the function makes two calls, the second at {}, when it's due", shown(AFTER)))
            .next("write `async { call().await }` in the arm: on each turn, `select!` evaluates the expression of every arm, even if an `if` disables the arm"),
    )
}
