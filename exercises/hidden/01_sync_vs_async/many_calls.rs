//! Calls so many that a thread which each of them keeps for a moment is missed.

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

/// So many that whatever the thread waits for once at each of them stands out from what it waits for by chance: a pipe
/// that is full of what the answer prints, a lock of the allocator's. And so many that whoever computes for 20 ms at each
/// comes to the grader's time limit.
pub(crate) const MANY: u64 = 600;

const DOZEN: u64 = 12;

/// Awaits `calls`, of which there are [`MANY`] or more.
///
/// On the paused clock a thread that is kept for a while loses no time, and so no other test here notices. But each time
/// that it waits is counted. One that never waits, and asks the clock until some time has passed, is not seen to do
/// anything wrong; that adds up at many calls, which take some milliseconds otherwise.
pub(crate) fn no_thread_is_kept(calls: impl Future<Output = Result<(), Fault>>) {
    examine_blocking(|diagnosis| {
        diagnosis.set(|| {
            thread_kept(format!(
                "{MANY} calls take next to nothing on the paused clock, and yet the time was over before they had ended: something in each keeps a thread"
            ))
        });
        let runtime = Clock::Virtual
            .runtime()
            .expect("a runtime needs nothing but file descriptors");
        let waits = Waits::start();
        // For what waits for ever, the other tests have the words.
        runtime.block_on(async { timeout(10 * LATER, calls).await.unwrap_or(Ok(())) })?;
        let waits = waits.map_or(0, |waits| waits.count());
        ensure(waits < MANY, || {
            thread_kept(format!(
                "in {MANY} calls on the paused clock the thread slept, or waited for something else, {waits} times"
            ))
        })
    });
}

fn thread_kept(happened: String) -> Fault {
    Fault::new("blocking_call_in_async")
        .happened(happened)
        .expected("the function gives the thread back while it waits")
        .next("leave out `std::thread::sleep`, and whatever else waits without `.await`")
}

/// Makes [`MANY`] calls, one after the other.
pub(crate) async fn in_turn(code: impl AsyncFn(&Upstream)) -> Result<(), Fault> {
    let scenario = Scenario::new(&[("blank", 0)]);
    // Watched by the dozen: to watch a call takes longer than the call.
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
