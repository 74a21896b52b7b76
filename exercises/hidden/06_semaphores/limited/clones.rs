//! What clones of a client share, however many there are.

use async_workbook::{
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};
use futures::future::join_all;

use super::{
    LIMIT,
    caller::{client, get, get_all},
};
use crate::{Answer, Client, scenario::Scenario};

/// Clones of the first client, and clones of clones, behave as it does, alone and together.
pub(super) fn all_clones_share_one_limit(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        gone(answer, recorder).await?;
        for clones in 1..=5 {
            for of_the_last in [false, true] {
                last_alone(answer, recorder, clones, of_the_last).await?;
                all_together(answer, recorder, clones, of_the_last).await?;
            }
        }
        Ok(())
    });
}

pub(super) fn limit_per_clone(who: &str, most: usize, limit: usize) -> Fault {
    Fault::new("limit_per_clone")
        .happened(format!(
            "{who} had {most} calls in flight together, and the limit is {limit}"
        ))
        .expected("all clones share one limit")
        .next("put the semaphore into an `Arc`, and clone the `Arc`")
}

async fn last_alone(
    answer: &Answer,
    recorder: &Recorder,
    clones: usize,
    of_the_last: bool,
) -> Result<(), Fault> {
    let scenario = Scenario::new(clones, LIMIT, vec![100; 12]);
    let family = family(client(answer, &scenario), clones, of_the_last);
    let getting = get_all(&*family[clones], &scenario.paths);
    let kept = get(answer, &scenario, recorder, getting).await;
    kept.map_err(|fault| through(&format!("clone {clones} of a client"), fault))
}

async fn all_together(
    answer: &Answer,
    recorder: &Recorder,
    clones: usize,
    of_the_last: bool,
) -> Result<(), Fault> {
    const EACH: usize = 6;
    let callers = clones + 1;
    let scenario = Scenario::new(clones, LIMIT, vec![100; EACH * callers]);
    let family = family(client(answer, &scenario), clones, of_the_last);
    let shares = family.iter().zip(scenario.paths.chunks(EACH));
    let getting = shares.map(|(caller, paths)| get_all(&**caller, paths));
    let getting = async { join_all(getting).await.concat() };
    let kept = get(answer, &scenario, recorder, getting).await;
    let most = scenario.upstream.high_water();
    let who = format!("a client and {clones} of its clones");
    ensure(most <= LIMIT, || limit_per_clone(&who, most, LIMIT))?;
    kept.map_err(|fault| through(&who, fault))
}

/// Dropping a clone, or the client that it was cloned from, doesn't affect the others.
async fn gone(answer: &Answer, recorder: &Recorder) -> Result<(), Fault> {
    for first_goes in [false, true] {
        let scenario = Scenario::new(1, LIMIT, vec![100; 12]);
        let first = client(answer, &scenario);
        let clone = first.call_clone();
        let (who, left) = if first_goes {
            drop(first);
            ("the client that it was cloned from", clone)
        } else {
            drop(clone);
            ("its only clone", first)
        };
        let getting = get_all(&*left, &scenario.paths);
        let kept = get(answer, &scenario, recorder, getting).await;
        let most = scenario.upstream.high_water();
        ensure(most <= LIMIT, || {
            Fault::new("limit_lost_on_drop")
                .happened(format!("after {who} was dropped, a client had {most} calls in flight, and the limit is {LIMIT}"))
                .expected("the limit holds as long as there's a client left")
                .next("remove what your `Drop` does to the semaphore: its `Arc` drops it with the last client. Unwrap what `acquire` returns, too: a closed semaphore gives an `Err`, not a permit")
        })?;
        kept?;
    }
    Ok(())
}

/// A client and its clones, each of the first client or of the clone before it.
fn family(first: Box<dyn Client>, clones: usize, of_the_last: bool) -> Vec<Box<dyn Client>> {
    let mut family = vec![first];
    for clone in 0..clones {
        let parent = if of_the_last { clone } else { 0 };
        family.push(family[parent].call_clone());
    }
    family
}

fn through(who: &str, mut fault: Fault) -> Fault {
    fault.happened = format!("{}, through {who}", fault.happened);
    fault
}
