//! The hidden tests of `all_or_nothing`.

use async_workbook::{
    clock::Readable,
    harness::{Task, counted, task},
    services::upstream::{Page, UpstreamError},
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};

use crate::{
    Answer,
    calls::{all_made, late, none_dropped, none_left_running, not_later, together},
    record::Record,
    results::{
        error_detail_lost, error_swallowed, not_by_the_rest, of_nothing, pages_in_order, twice,
    },
    scenario::{MANY, Scenario, THOUSAND, latency_of_many},
};

pub(crate) const TASK: Task<Answer> = task!(
    all_or_nothing: calls_are_in_flight_together,
    it_returns_at_the_first_error_in_time,
    the_calls_under_way_are_dropped,
    pages_come_in_the_order_of_the_paths,
    many_calls_are_in_flight_together,
    a_path_given_twice_gives_two_pages,
    no_paths_give_no_pages,
);

type Pages = Result<Vec<Page>, UpstreamError>;

/// Runs a scenario in which every call succeeds.
async fn succeeds(
    answer: &Answer,
    scenario: &Scenario,
    recorder: &Recorder,
) -> Result<Vec<Page>, Fault> {
    let (pages, record) = scenario.run(recorder, answer.all_or_nothing).await?;
    all_made(scenario, &record)?;
    together(scenario, &record)?;
    none_dropped(&record)?;
    not_later(&record, scenario.slowest())?;
    none_left_running(&record)?;
    pages.map_err(|error| error_detail_lost(&error))
}

/// Runs a scenario in which a call fails, and checks what is returned, and when.
async fn fails(answer: &Answer, scenario: &Scenario, recorder: &Recorder) -> Result<Record, Fault> {
    let (pages, record) = scenario.run(recorder, answer.all_or_nothing).await?;
    together(scenario, &record)?;
    first_error(scenario, &record, &pages)?;
    Ok(record)
}

/// The function returns the first error in time, at the instant when it arrived.
fn first_error(scenario: &Scenario, record: &Record, pages: &Pages) -> Result<(), Fault> {
    let due = scenario.first(Result::is_err);
    let failing = scenario.ending(due, Result::is_err);
    ensure(record.took >= due, || {
        Fault::new("call_dropped_early")
            .happened(format!(
                "the function returned after {}, before any call had failed and before all had ended",
                Readable(record.took)
            ))
            .expected(format!(
                "it waits until the first call fails: {failing}, after {}",
                Readable(due)
            ))
            .next("keep waiting after a page: return only at an error, or after the last page")
    })?;
    let error = match pages {
        Err(error) => error,
        Ok(pages) => {
            return Err(error_swallowed(format!(
                "{failing} failed, and the function returned `Ok` with {}",
                counted(pages.len(), "page")
            ))
            .expected("if a call fails, the function returns its error and no pages"));
        }
    };
    let mut results = scenario.results.iter();
    let index = results
        .position(|result| result.as_ref().err() == Some(error))
        .ok_or_else(|| error_detail_lost(error))?;
    ensure(record.took <= scenario.latest(Result::is_err), || {
        let decided = format!("{failing} failed");
        late(scenario, record, &decided, due, index)
    })?;
    ensure(scenario.latencies[index] <= record.took, || {
        error_detail_lost(error).expected(format!(
            "it returns the error of {failing}, which failed first"
        ))
    })
}

/// A call fails in each of these. The first has a slow call before it, and a slower one after it.
const FAILING: [&str; 8] = [
    "users 300, posts 100 fails 503, comments 500",
    "users 200, posts 400 fails 500, comments 100 fails 404, tags 3600000",
    "users 50 fails 500, posts 100, comments 150",
    "users 100, posts 200, comments 150 fails 502",
    "users 300 fails 500, posts 200 fails 502, comments 100 fails 503",
    "users 200, posts 70 fails 500, comments 70 fails 503",
    "users 50, posts 100, comments day fails 500",
    "users 100 fails 418",
];

fn calls_are_in_flight_together(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let scenario = Scenario::new(1, "users 500, posts 300, comments 200");
        let pages = succeeds(answer, &scenario, recorder).await?;
        pages_in_order(&scenario, &pages)
    });
}

fn it_returns_at_the_first_error_in_time(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for scenario in Scenario::several(&FAILING) {
            fails(answer, &scenario, recorder).await?;
        }
        Ok(())
    });
}

fn the_calls_under_way_are_dropped(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for scenario in Scenario::several(&FAILING) {
            let record = fails(answer, &scenario, recorder).await?;
            none_left_running(&record)?;
        }
        // A call fails as soon as it's made, so the others needn't even have begun.
        for scenario in Scenario::several(&[
            "users 0 fails 500, posts 100",
            "users 3600000, posts 0 fails 500",
        ]) {
            let run = scenario.run(recorder, answer.all_or_nothing);
            let (pages, record) = run.await?;
            first_error(&scenario, &record, &pages)?;
            none_left_running(&record)?;
        }
        Ok(())
    });
}

fn pages_come_in_the_order_of_the_paths(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for scenario in Scenario::several(&[
            "users 300, posts 200, comments 100",
            "users 100, posts 200, comments 300",
            "users 200, posts 300, comments 100",
            "users 100, posts 100, comments 100",
        ]) {
            let pages = succeeds(answer, &scenario, recorder).await?;
            pages_in_order(&scenario, &pages)?;
        }
        Ok(())
    });
}

fn many_calls_are_in_flight_together(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let one_fails = |number, calls| {
            Scenario::many(number, calls, |call| match calls - call {
                1 => "3600000".into(),
                2 => "60 fails 503".into(),
                _ => latency_of_many(call).to_string(),
            })
        };
        for (number, calls) in [(1, 30), (2, 31), (3, MANY)] {
            let record = fails(answer, &one_fails(number, calls), recorder).await?;
            none_left_running(&record)?;
        }
        let scenario = Scenario::many(4, MANY, |call| latency_of_many(call).to_string());
        let pages = succeeds(answer, &scenario, recorder).await?;
        pages_in_order(&scenario, &pages)?;
        let scenario = Scenario::many(5, THOUSAND, |_| "100".into());
        succeeds(answer, &scenario, recorder).await?;
        Ok(())
    });
}

fn a_path_given_twice_gives_two_pages(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let mut scenario = Scenario::new(1, "users 100, posts 50, users 100");
        let run = scenario.run(recorder, answer.all_or_nothing);
        let (pages, record) = run.await?;
        let came = pages.as_deref().ok();
        let pages_that_came: Vec<_> = came.unwrap_or_default().iter().map(Ok).collect();
        not_by_the_rest(&scenario, &pages_that_came)?;
        twice(&scenario, &record, came)?;
        together(&scenario, &record)?;
        none_dropped(&record)?;
        scenario.exchange(came.and_then(|pages| Some(Ok(pages.first()?))));
        pages_in_order(
            &scenario,
            &pages.map_err(|error| error_detail_lost(&error))?,
        )
    });
}

fn no_paths_give_no_pages(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let right = |pages: &Pages| pages.as_ref().is_ok_and(Vec::is_empty);
        of_nothing(recorder, answer.all_or_nothing, right, "`Ok(vec![])`").await
    });
}
