//! So many calls that it shows if each of them keeps the thread for a moment.

use async_workbook::{
    clock::Clock,
    probes::waits::Waits,
    services::upstream::Upstream,
    verdict::{Fault, ensure, examine_blocking},
};
use tokio::time::timeout;

use crate::{
    run::{LATER, watched},
    scenario::Scenario,
};

/// Enough that one wait of the thread in each call stands out from the waits that happen by chance: for a pipe that is
/// full of what the answer prints, or for a lock of the allocator. Also enough that 20 ms of computing in each call
/// reaches the grader's time limit.
pub(crate) const MANY: u64 = 600;

const DOZEN: u64 = 12;

/// Awaits `calls`, of which there are [`MANY`] or more.
///
/// A blocked thread loses no time on the paused clock, so no other test here notices it. But every wait of the thread is
/// counted. A thread that never waits, and reads the clock over and over instead, can't be told from one that works. Its
/// time adds up over this many calls, which otherwise take a few milliseconds.
pub(crate) fn no_thread_is_kept(calls: impl Future<Output = Result<(), Fault>>) {
    examine_blocking(|diagnosis| {
        diagnosis.set(|| {
            thread_kept(format!(
                "{MANY} calls take almost no time on the paused clock, but they hadn't ended at the time limit: something in each call keeps the thread"
            ))
        });
        let runtime = Clock::Virtual
            .runtime()
            .expect("a runtime needs nothing but file descriptors");
        let waits = Waits::start();
        // The other tests name the fault of code that waits for ever.
        runtime.block_on(async { timeout(10 * LATER, calls).await.unwrap_or(Ok(())) })?;
        let waits = waits.map_or(0, |waits| waits.count());
        ensure(waits < MANY, || {
            thread_kept(format!(
                "in {MANY} calls on the paused clock, the thread slept, or blocked on something else, {waits} times"
            ))
        })
    });
}

fn thread_kept(happened: String) -> Fault {
    Fault::new("blocking_call_in_async_code")
        .happened(happened)
        .expected("the function gives the thread back while it waits")
        .next("remove `std::thread::sleep`, or whatever else waits without `.await`")
}

/// Makes [`MANY`] calls, one after the other.
pub(crate) async fn in_turn(code: impl AsyncFn(&Upstream)) -> Result<(), Fault> {
    let scenario = Scenario::new(&[("blank", 0)]);
    // Watched by the dozen, since watching a call takes longer than the call itself.
    for _ in 0..MANY / DOZEN {
        let dozen = async {
            for _ in 0..DOZEN {
                code(&scenario.upstream).await;
            }
        };
        watched(&scenario, dozen).await?;
    }
    Ok(())
}
