//! When calls or jobs begin: each as soon as there's room for it.

use std::time::Duration;

use async_workbook::{
    clock::Readable,
    services::upstream::Call,
    verdict::{Fault, ensure},
};
use tokio::time::Instant;

use crate::scenario::Scenario;

/// Every call begins when it should, and nothing else takes time.
pub(crate) fn window_slides(
    scenario: &Scenario,
    calls: &[Call],
    took: Duration,
    noun: &str,
) -> Result<(), Fault> {
    let planned = scenario.schedule();
    let actual = starts(scenario, calls);
    let moved =
        std::iter::zip(&planned, &actual).position(|(planned, actual)| planned.0 != actual.0);
    match moved {
        None => nothing_wasted(scenario, took, noun),
        Some(moved) => Err(out_of_step(
            scenario,
            &actual,
            moved,
            planned[moved].0,
            noun,
        )),
    }
}

/// All of it took exactly as long as the work needs.
pub(crate) fn nothing_wasted(scenario: &Scenario, took: Duration, noun: &str) -> Result<(), Fault> {
    let expected = scenario.length();
    ensure(took == expected, || {
        Fault::new("needless_wait")
            .happened(format!(
                "the {noun}s need {}, and the function took {}",
                Readable(expected),
                Readable(took)
            ))
            .expected(format!(
                "the first {noun}s begin at once, and the function returns when the last one ends"
            ))
            .next("remove the sleep, or the `.await` that the work doesn't need")
    })
}

/// Like `window_slides`, for latencies that show whether a call keeps its place until all older calls have ended. An
/// answer may do either.
pub(crate) fn window_keeps_up(
    scenario: &Scenario,
    calls: &[Call],
    noun: &str,
) -> Result<(), Fault> {
    let actual = starts(scenario, calls);
    let due = |index: usize| match index.checked_sub(scenario.limit) {
        None => Duration::ZERO,
        Some(oldest) => {
            let ends = actual[..=oldest].iter().map(|&(_, end)| end);
            ends.max().unwrap_or_default()
        }
    };
    let late = (0..actual.len()).find(|&index| actual[index].0 > due(index));
    let overtaken = (1..actual.len()).find(|&index| actual[index].0 < actual[index - 1].0);
    let moved = late.or(overtaken.map(|index| index - 1));
    moved.map_or(Ok(()), |moved| {
        Err(out_of_step(scenario, &actual, moved, due(moved), noun))
    })
}

/// Why a call didn't begin when it was due.
pub(crate) fn out_of_step(
    scenario: &Scenario,
    actual: &[(Duration, Duration)],
    moved: usize,
    due: Duration,
    noun: &str,
) -> Fault {
    let happened = format!(
        "{noun} {moved} was due at {}, and began at {}",
        Readable(due),
        Readable(actual[moved].0)
    );
    let in_order = actual.is_sorted_by_key(|&(start, _)| start);
    let running = |at| {
        let under_way = actual
            .iter()
            .filter(|&&(start, end)| start <= at && at < end);
        under_way.count()
    };
    let last_start = actual.iter().map(|&(start, _)| start).max();
    let never_idle = actual
        .iter()
        .filter(|&&(_, end)| Some(end) < last_start)
        .all(|&(_, end)| running(end) == scenario.limit);
    let ended_before = |index: usize| actual[..index].iter().map(|&(_, end)| end).max();
    // Each begins when all but the last `limit` - 1 before it have ended.
    let oldest_first = moved >= scenario.limit
        && (scenario.limit..actual.len())
            .all(|index| ended_before(index + 1 - scenario.limit) == Some(actual[index].0));
    // Each later group begins when all that began before it has ended.
    let in_chunks = (1..actual.len())
        .filter(|&index| actual[index].0 > actual[index - 1].0)
        .all(|index| ended_before(index) == Some(actual[index].0));
    if in_order && oldest_first {
        Fault::new("results_awaited_in_order")
            .happened(format!("{happened}: the {noun}s that had ended kept their places until the oldest one ended"))
            .expected(format!("whichever {noun} ends first makes room for the next one"))
            .next("wait for any of them instead of the oldest: await a permit of a semaphore, or `JoinSet::join_next`, or replace `buffered` with `buffer_unordered`")
    } else if in_order && in_chunks {
        Fault::new("whole_chunk_awaited")
            .happened(format!("{happened}: each group waited for the slowest {noun} of the group before it"))
            .expected(format!("when one {noun} ends, another begins: the window slides"))
            .next("replace the chunks with a semaphore, or with a stream and `buffered` or `buffer_unordered`")
    } else if in_order {
        Fault::new("needless_wait")
            .happened(happened)
            .expected(format!("a {noun} begins as soon as there's room for it"))
            .next("await a permit instead of sleeping or trying again after a pause: the semaphore wakes the next in line at once")
    } else if never_idle {
        Fault::new("input_order_ignored")
            .happened(format!("{happened}: later {noun}s had begun before it"))
            .expected(format!("the {noun}s begin in their order"))
            .next(
                "take the next one from the front, with an iterator or a `VecDeque`, instead of popping the end of a `Vec`",
            )
    } else {
        Fault::new("work_divided_in_advance")
            .happened(format!("{happened}: later {noun}s had begun before it, although a place was idle"))
            .expected(format!("the {noun}s begin in their order, each as soon as there's room"))
            .next(format!("let all workers take their next {noun} from one shared iterator, instead of dividing the {noun}s among them in advance"))
    }
}

/// When each call began, counted from the beginning of the first, in the order of the paths.
pub(crate) fn starts(scenario: &Scenario, calls: &[Call]) -> Vec<(Duration, Duration)> {
    let first = calls.iter().filter_map(|call| call.started).min();
    let at = |call: &Call| {
        let since = |instant: Option<Instant>| Some(instant?.duration_since(first?));
        Some((since(call.started)?, since(call.ended)?))
    };
    let of_path = |path| calls.iter().find(|call| &call.path == path).and_then(at);
    scenario.paths.iter().filter_map(of_path).collect()
}
