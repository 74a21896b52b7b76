//! The hidden tests of `first_ok`.

use std::time::Duration;

use async_workbook::{
    clock::Readable,
    harness::{Task, counted, task},
    services::upstream::{Page, UpstreamError},
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};

use crate::{
    Answer,
    calls::{all_made, late, none_left_running, not_later, together},
    record::Record,
    results::{
        described_page, error_detail_lost, error_swallowed, none_repeated, not_by_the_rest,
        of_nothing, results_in_completion_order, results_missing, twice, two_of_a_kind,
    },
    scenario::{MANY, Scenario, THOUSAND, latency_of_many},
};

pub(crate) const TASK: Task<Answer> = task!(
    first_ok: it_returns_the_first_success_in_time,
    the_calls_under_way_are_dropped,
    if_all_fail_the_errors_come_in_the_order_of_the_paths,
    many_calls_are_in_flight_together,
    a_path_given_twice_is_asked_for_twice,
    no_paths_give_no_errors,
);

type First = Result<Page, Vec<UpstreamError>>;

/// Runs a scenario in which a call succeeds, and checks what is returned, and when.
async fn succeeds(
    answer: &Answer,
    scenario: &Scenario,
    recorder: &Recorder,
) -> Result<Record, Fault> {
    let (first, record) = scenario.run(recorder, answer.first_ok).await?;
    together(scenario, &record)?;
    first_success(scenario, &record, &first)?;
    Ok(record)
}

/// The function returns the first page in time, at the instant when it arrived.
fn first_success(scenario: &Scenario, record: &Record, first: &First) -> Result<(), Fault> {
    let due = scenario.first(Result::is_ok);
    let succeeding = scenario.ending(due, Result::is_ok);
    let page = match first {
        Ok(page) => page,
        Err(errors) => return Err(error_is_final(scenario, record, errors, &succeeding, due)),
    };
    let mut results = scenario.results.iter();
    let index = results
        .position(|result| result.as_ref() == Ok(page))
        .filter(|&index| scenario.latencies[index] <= record.took)
        .ok_or_else(|| page_from_nowhere(page, record))?;
    ensure(record.took <= scenario.latest(Result::is_ok), || {
        let decided = format!("{succeeding} succeeded");
        late(scenario, record, &decided, due, index)
    })
}

fn error_is_final(
    scenario: &Scenario,
    record: &Record,
    errors: &[UpstreamError],
    succeeding: &str,
    due: Duration,
) -> Fault {
    let succeeds = if record.took < due {
        "succeeds"
    } else {
        "succeeded"
    };
    let happened = format!(
        "the function returned {} after {}, although {succeeding} {succeeds} after {}",
        counted(errors.len(), "error"),
        Readable(record.took),
        Readable(due)
    );
    if !scenario.latencies.contains(&record.took) {
        return Fault::new("call_dropped_early")
            .happened(format!(
                "{happened}; no call ended at the instant when it returned"
            ))
            .expected("each call is awaited until it ends, or another succeeds")
            .next("remove the `timeout`, or whatever asks for a result before it's there");
    }
    Fault::new("first_error_taken_as_final")
        .happened(happened)
        .expected("a failure isn't the end: the function returns the first success, however many calls fail before it")
        .next("keep taking results after an error: a single `select_all` or `select!`, or a `try_` function, ends at the first one")
}

fn page_from_nowhere(page: &Page, record: &Record) -> Fault {
    Fault::new("result_invented")
        .happened(format!(
            "after {}, the function returned {}, which no call had yielded",
            Readable(record.took),
            described_page(page)
        ))
        .expected("the function returns the page of the first call that succeeds")
        .next("return the page that `get` yielded: if every call fails, there's no page to return")
}

/// Runs a scenario in which every call fails.
async fn fails(
    answer: &Answer,
    scenario: &Scenario,
    recorder: &Recorder,
) -> Result<Vec<UpstreamError>, Fault> {
    let (first, record) = scenario.run(recorder, answer.first_ok).await?;
    all_made(scenario, &record)?;
    together(scenario, &record)?;
    let errors = all_failed(scenario, &record, first)?;
    none_left_running(&record)?;
    Ok(errors)
}

/// Checks what is returned when every call failed, and when, but not the order of the errors.
fn all_failed(
    scenario: &Scenario,
    record: &Record,
    first: First,
) -> Result<Vec<UpstreamError>, Fault> {
    let errors = match first {
        Ok(page) => return Err(page_from_nowhere(&page, record)),
        Err(errors) => errors,
    };
    let due = scenario.slowest();
    ensure(record.took >= due, || {
        Fault::new("first_error_taken_as_final")
            .happened(format!(
                "the function returned {} after {}, while calls that could still succeed were in flight",
                counted(errors.len(), "error"),
                Readable(record.took)
            ))
            .expected(format!(
                "it returns the errors when the last call has failed, after {}",
                Readable(due)
            ))
            .next("keep each error, and go on to the next result")
    })?;
    not_later(record, due)?;
    not_by_the_rest(scenario, &errors.iter().map(Err).collect::<Vec<_>>())?;
    let (all, came) = (scenario.paths.len(), errors.len());
    ensure(came >= all, || {
        error_swallowed(format!(
            "all {} failed, but the function returned {}",
            counted(all, "call"),
            counted(came, "error")
        ))
    })?;
    ensure(came == all, || {
        results_missing(format!(
            "{} failed, but the function returned {}",
            counted(all, "call"),
            counted(came, "error")
        ))
    })?;
    Ok(errors)
}

fn errors_in_order(scenario: &Scenario, errors: &[UpstreamError]) -> Result<(), Fault> {
    not_by_the_rest(scenario, &errors.iter().map(Err).collect::<Vec<_>>())?;
    none_repeated(scenario, &errors.iter().collect::<Vec<_>>())?;
    let planned = scenario.errors();
    for (index, error) in errors.iter().enumerate() {
        ensure(error == planned[index], || {
            if planned.contains(&error) {
                results_in_completion_order(&scenario.paths[index], format!("`{error}`"))
            } else {
                error_detail_lost(error)
            }
        })?;
    }
    Ok(())
}

/// A call succeeds in each of these. In the first, a call fails before that, and the first page in time is neither the
/// first nor the last in the order of the paths.
const SUCCEEDING: [&str; 8] = [
    "users 100 fails 503, posts 300, comments 200, tags 500",
    "users 3600000, posts 100 fails 500, comments 200 fails 404, tags 300",
    "users 100, posts 200, comments 50 fails 502",
    "users 400, posts 300, comments 200",
    "users 50 fails 500, posts 50 fails 502, comments day",
    "users 80 fails 500, posts 80, comments 80",
    "users 70, posts 3600000 fails 500, comments 90 fails 500",
    "users 100",
];

fn it_returns_the_first_success_in_time(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for scenario in Scenario::several(&SUCCEEDING) {
            succeeds(answer, &scenario, recorder).await?;
        }
        Ok(())
    });
}

fn the_calls_under_way_are_dropped(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for scenario in Scenario::several(&SUCCEEDING) {
            let record = succeeds(answer, &scenario, recorder).await?;
            none_left_running(&record)?;
        }
        // A call succeeds as soon as it's made, so the others needn't even have begun.
        for scenario in Scenario::several(&["users 0, posts 100", "users 3600000, posts 0"]) {
            let run = scenario.run(recorder, answer.first_ok);
            let (first, record) = run.await?;
            first_success(&scenario, &record, &first)?;
            none_left_running(&record)?;
        }
        Ok(())
    });
}

fn if_all_fail_the_errors_come_in_the_order_of_the_paths(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for scenario in Scenario::several(&[
            "users 300 fails 500, posts 200 fails 503, comments 100 fails 503",
            "users 100 fails 500, posts 200 fails 503, comments 300 fails 503",
            "users 200 fails 500, posts 300 fails 503, comments 100 fails 503",
            "users 100 fails 500, posts 100 fails 503, comments 100 fails 503",
            "users 100 fails 418",
        ]) {
            let errors = fails(answer, &scenario, recorder).await?;
            errors_in_order(&scenario, &errors)?;
        }
        Ok(())
    });
}

fn many_calls_are_in_flight_together(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let three_succeed = |number, calls| {
            Scenario::many(number, calls, |call| match calls - call {
                1 => "3600000".into(),
                2 => "250".into(),
                27 => "400".into(),
                _ => format!("{} fails 503", latency_of_many(call)),
            })
        };
        for (number, calls) in [(1, 30), (2, 31), (3, MANY)] {
            let record = succeeds(answer, &three_succeed(number, calls), recorder).await?;
            none_left_running(&record)?;
        }
        let failing = |call| format!("{} fails {}", latency_of_many(call), 500 + call % 5);
        let scenario = Scenario::many(4, MANY, failing);
        let errors = fails(answer, &scenario, recorder).await?;
        errors_in_order(&scenario, &errors)?;
        let scenario = Scenario::many(5, THOUSAND, |_| "100 fails 503".into());
        fails(answer, &scenario, recorder).await?;
        Ok(())
    });
}

fn a_path_given_twice_is_asked_for_twice(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for mut scenario in Scenario::several(&[
            "users 100 fails 500, posts 50 fails 503, users 100 fails 502",
            "users 100 fails 500, posts 50 fails 503, users 100 fails 500",
        ]) {
            let (first, record) = scenario.run(recorder, answer.first_ok).await?;
            let came = first.as_ref().err();
            twice(&scenario, &record, came.map(Vec::as_slice))?;
            together(&scenario, &record)?;
            scenario.exchange(came.and_then(|errors| Some(Err(errors.first()?))));
            let errors = all_failed(&scenario, &record, first)?;
            errors_in_order(&scenario, &errors)?;
        }
        // Side by side, equal errors are easily taken for one.
        let adjacent = "users 50 fails 500, users 50 fails 500, posts 100 fails 503";
        let scenario = Scenario::new(3, adjacent);
        let (first, record) = scenario.run(recorder, answer.first_ok).await?;
        if let Err(errors) = &first {
            two_of_a_kind(&scenario, errors.len(), "error")?;
        }
        let errors = all_failed(&scenario, &record, first)?;
        errors_in_order(&scenario, &errors)
    });
}

fn no_paths_give_no_errors(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let right = |first: &First| first.as_ref().is_err_and(Vec::is_empty);
        of_nothing(recorder, answer.first_ok, right, "`Err(vec![])`").await
    });
}
