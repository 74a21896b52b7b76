//! Whether freeing a place wakes the call that waits for it.

use async_workbook::{
    clock::Readable,
    harness::ms,
    services::upstream::{Page, UpstreamError},
    timeline::Recorder,
    verdict::{Fault, examine},
};
use futures::{StreamExt as _, future::LocalBoxFuture, poll, stream::FuturesUnordered};
use tokio::time::{Instant, sleep, timeout};

use super::caller::client;
use crate::{
    Answer, Client,
    faults::{call_rejected_when_full, permit_leaked},
    scenario::Scenario,
};

/// How the call in the only place ends.
#[derive(Clone, Copy, Debug)]
enum Ending {
    Answered,
    Failed,
    Dropped,
}

impl Ending {
    const ALL: [Self; 3] = [Self::Answered, Self::Failed, Self::Dropped];

    fn words(self) -> &'static str {
        match self {
            Self::Answered => "was answered",
            Self::Failed => "failed",
            Self::Dropped => "was dropped",
        }
    }
}

/// One call is in flight, and one waits. Or two wait, and the first of them is dropped just when it's its turn.
pub(super) fn a_freed_place_wakes_who_waits_for_it(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (number, ending) in Ending::ALL.into_iter().enumerate() {
            one_waits(answer, recorder, number, ending).await?;
        }
        for (number, ending) in (3..).zip(Ending::ALL) {
            first_of_two_is_dropped(answer, recorder, number, ending).await?;
        }
        Ok(())
    });
}

/// With a limit of 1. The first call takes 50 ms.
fn scenario(number: usize, ending: Ending) -> Scenario {
    let failing: &[usize] = match ending {
        Ending::Failed => &[0],
        Ending::Answered | Ending::Dropped => &[],
    };
    Scenario::failing(number, 1, [50, 100, 100, 100], failing)
}

async fn one_waits(
    answer: &Answer,
    recorder: &Recorder,
    number: usize,
    ending: Ending,
) -> Result<(), Fault> {
    let scenario = scenario(number, ending);
    let limited = client(answer, &scenario);
    recorder.restart();
    let mut first = Waiting::new(&*limited, "calls/0");
    let mut second = Waiting::new(&*limited, "calls/1");
    first.begin().await;
    second.begin().await;
    end(first, ending).await;
    let freed = Instant::now();
    let ended = second.ends_in_a_while().await;
    let happened = format!(
        "with a limit of 1, the call for calls/0 {}, and a `get` for calls/1 waited for its place",
        ending.words()
    );
    next_begins(&*limited, &scenario, "calls/1", freed, &happened, ended).await
}

async fn first_of_two_is_dropped(
    answer: &Answer,
    recorder: &Recorder,
    number: usize,
    ending: Ending,
) -> Result<(), Fault> {
    let scenario = scenario(number, ending);
    let limited = client(answer, &scenario);
    recorder.restart();
    let mut first = Waiting::new(&*limited, "calls/0");
    let mut second = Waiting::new(&*limited, "calls/1");
    let mut third = Waiting::new(&*limited, "calls/2");
    first.begin().await;
    second.begin().await;
    third.begin().await;
    end(first, ending).await;
    // By now it may have been woken, and nothing has polled it since.
    drop(second);
    let freed = Instant::now();
    let ended = third.ends_in_a_while().await;
    let happened = format!(
        "with a limit of 1, the call for calls/0 {}, the `get` for calls/1 was dropped when its turn came, and the `get` for calls/2 waited",
        ending.words()
    );
    next_begins(&*limited, &scenario, "calls/2", freed, &happened, ended).await
}

/// A `get` that's polled only when it has been woken. (A set of futures does that.)
struct Waiting<'a>(FuturesUnordered<LocalBoxFuture<'a, Answered>>);

type Answered = Result<Page, UpstreamError>;

impl<'a> Waiting<'a> {
    fn new(limited: &'a dyn Client, path: &'a str) -> Self {
        Self(FuturesUnordered::from_iter([limited.call_get(path)]))
    }

    /// Polls it once.
    async fn begin(&mut self) {
        let _pending = poll!(self.0.next());
    }

    async fn ends_in_a_while(mut self) -> bool {
        timeout(ms(60_000), self.0.next()).await.is_ok()
    }
}

async fn end(mut call: Waiting<'_>, ending: Ending) {
    match ending {
        Ending::Answered | Ending::Failed => {
            let _answer = call.0.next().await;
        }
        Ending::Dropped => sleep(ms(25)).await,
    }
}

/// The `get` for this path began its call at the moment at which the place was freed.
async fn next_begins(
    limited: &dyn Client,
    scenario: &Scenario,
    path: &str,
    freed: Instant,
    happened: &str,
    ended: bool,
) -> Result<(), Fault> {
    let calls = scenario.calls();
    let begun = calls.iter().find(|call| call.path == path);
    let begun = begun.and_then(|call| call.started);
    if begun == Some(freed) {
        return Ok(());
    }
    if let Some(begun) = begun {
        let late = Readable(begun.duration_since(freed));
        return Err(waiter_not_woken(format!(
            "{happened}. It began {late} later"
        )));
    }
    if ended {
        return Err(call_rejected_when_full(format!(
            "{happened}. It returned without making a call"
        )));
    }
    Waiting::new(limited, "calls/3").ends_in_a_while().await;
    let calls = scenario.calls();
    let is_free = calls
        .iter()
        .any(|call| call.path == "calls/3" && call.started.is_some());
    Err(if is_free {
        waiter_not_woken(format!(
            "{happened} for ever, though a later `get` found the place free"
        ))
    } else {
        permit_leaked(format!("{happened} for ever, and so did a later `get`"))
    })
}

fn waiter_not_woken(happened: String) -> Fault {
    Fault::new("waiter_not_woken")
        .happened(happened)
        .expected("the next `get` in line begins its call as soon as the place is free")
        .next("replace your own wake-ups with a guard of tokio's `Semaphore`: it wakes the next in line even if a call fails with `?`, or is dropped while it's in flight or just woken")
}
