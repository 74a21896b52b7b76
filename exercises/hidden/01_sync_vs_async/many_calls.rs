//! Calls so many that a thread which each of them keeps for a moment is missed.

use async_workbook::{
    clock::Clock,
    services::upstream::Upstream,
    verdict::{Fault, examine_blocking},
};
use tokio::time::timeout;

use crate::{
    run::{LATER, watched},
    scenario::Scenario,
};

/// Few enough that an answer may print some lines at each of these calls, and so many that whoever keeps a thread for
/// 10 ms at each comes to the grader's time limit.
pub(crate) const MANY: usize = 1200;

const DOZEN: usize = 12;

/// Awaits `calls`, of which there are [`MANY`] or more, in the time that the grader gives a hidden test.
///
/// On the paused clock a thread that is kept for a while loses no time, and so no other test here notices. What is lost
/// at each of many calls adds up; without that, they take some milliseconds.
pub(crate) fn no_thread_is_kept(calls: impl Future<Output = Result<(), Fault>>) {
    examine_blocking(|diagnosis| {
        diagnosis.set(|| {
            Fault::new("blocking_call_in_async")
                .happened(format!(
                    "{MANY} calls take next to nothing on the paused clock, and yet the time was over before they had ended: something in each keeps a thread"
                ))
                .expected("the function gives the thread back while it waits")
                .next("leave out `std::thread::sleep`, and whatever else waits without `.await`")
        });
        let runtime = Clock::Virtual
            .runtime()
            .expect("a runtime needs nothing but file descriptors");
        // For what waits for ever, the other tests have the words.
        runtime.block_on(async { timeout(10 * LATER, calls).await.unwrap_or(Ok(())) })
    });
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
