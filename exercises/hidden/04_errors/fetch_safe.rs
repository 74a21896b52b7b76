//! The hidden tests of `fetch_safe`.

use async_workbook::{
    harness::{Task, counted, listed, task},
    services::upstream::{Page, UpstreamError},
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};

use crate::{
    Answer, Failed,
    calls::{all_made, none_dropped, none_left_running, not_later, together},
    record::Record,
    results::{
        described, error_detail_lost, error_swallowed, none_repeated, not_by_the_rest, of_nothing,
        paths_of, results_in_completion_order, results_missing, twice, two_of_a_kind,
    },
    scenario::{MANY, Scenario, THOUSAND, latency_of_many},
};

pub(crate) const TASK: Task<Answer> = task!(
    fetch_safe: calls_are_in_flight_together,
    a_failure_changes_nothing_for_the_others,
    each_result_stands_in_the_place_of_its_path,
    each_error_carries_its_own_path,
    many_calls_are_in_flight_together,
    a_path_given_twice_gives_two_results,
    no_paths_give_no_results,
);

async fn fetch(
    answer: &Answer,
    scenario: &Scenario,
    recorder: &Recorder,
) -> Result<(Vec<Result<Page, Failed>>, Record), Fault> {
    let (results, record) = scenario.run(recorder, answer.fetch_safe).await?;
    all_made(scenario, &record)?;
    together(scenario, &record)?;
    none_dropped(&record)?;
    none_left_running(&record)?;
    Ok((results, record))
}

fn without_labels(results: &[Result<Page, Failed>]) -> Vec<Result<&Page, &UpstreamError>> {
    let results = results.iter();
    results
        .map(|result| result.as_ref().map_err(|failed| &failed.error))
        .collect()
}

/// Every result of a call was returned, in its place.
fn all_in_order(scenario: &Scenario, results: &[Result<Page, Failed>]) -> Result<(), Fault> {
    not_by_the_rest(scenario, &without_labels(results))?;
    all_there(scenario, results)?;
    let came = results.iter().filter_map(|result| result.as_ref().err());
    none_repeated(
        scenario,
        &came.map(|failed| &failed.error).collect::<Vec<_>>(),
    )?;
    let errors = scenario.errors();
    // A result of another path says more than a wrong label, so it's looked for first.
    let places = || std::iter::zip(&scenario.paths, &scenario.results).zip(results);
    for ((path, planned), result) in places() {
        let own = match (planned, result) {
            (Ok(planned), Ok(page)) => planned == page,
            (Err(planned), Err(failed)) => *planned == failed.error,
            _ => false,
        };
        ensure(own, || match result {
            Err(failed) if !errors.contains(&&failed.error) => error_detail_lost(&failed.error),
            _ => results_in_completion_order(path, described(result)),
        })?;
    }
    for ((path, _), result) in places() {
        if let Err(failed) = result {
            ensure(failed.path == *path, || {
                Fault::new("result_mislabelled")
                    .happened(format!(
                        "the error of {path} is labelled {}",
                        if failed.path.is_empty() { "with nothing" } else { &failed.path }
                    ))
                    .expected("each error is labelled with the path that was asked for")
                    .next("build the `Failed` in the future that makes the call, where you have its path")
            })?;
        }
    }
    Ok(())
}

/// No page was dropped, and no error was left out.
fn all_there(scenario: &Scenario, results: &[Result<Page, Failed>]) -> Result<(), Fault> {
    let came: Vec<&Page> = results.iter().flatten().collect();
    let failed = results.len() - came.len();
    let errors = scenario.errors();
    let mut pages = std::iter::zip(&scenario.paths, &scenario.results);
    let given_up = pages.find(|(_, result)| {
        result
            .as_ref()
            .is_ok_and(|page| !came.iter().any(|came| came.path == page.path))
    });
    if let Some((path, _)) = given_up {
        let happened = format!(
            "{path} was fetched, but its page wasn't returned (pages returned: {})",
            listed(&paths_of(came))
        );
        return Err(if errors.is_empty() || failed > 1 {
            results_missing(happened)
        } else {
            Fault::new("results_dropped_at_first_error")
                .happened(happened)
                .expected("the error is returned beside the pages, and no page is lost")
                .next("collect a `Vec` of `Result`s: `?` and `collect::<Result<Vec<_>, _>>()` drop the pages at the first error")
        });
    }
    ensure(failed >= errors.len(), || {
        error_swallowed(format!(
            "{} failed, but {} returned",
            counted(errors.len(), "call"),
            match failed {
                1 => "1 error was".to_owned(),
                failed => format!("{failed} errors were"),
            }
        ))
    })?;
    ensure(results.len() == scenario.paths.len(), || {
        results_missing(format!(
            "for {}, the function returned {}",
            counted(scenario.paths.len(), "path"),
            counted(results.len(), "result")
        ))
    })
}

fn calls_are_in_flight_together(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let calls = "users 500, posts 100 fails 503, comments 200, tags 400 fails 404, likes 300";
        let scenario = Scenario::new(1, calls);
        let (_, record) = fetch(answer, &scenario, recorder).await?;
        not_later(&record, scenario.slowest())
    });
}

/// Whichever call fails, and however early.
fn a_failure_changes_nothing_for_the_others(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for scenario in Scenario::several(&[
            "users 50 fails 500, posts 150, comments 300",
            "users 300, posts 50 fails 500, comments 150",
            "users 50 fails 500, posts 300, comments day",
            "users 150, posts 3600000, comments 50 fails 500",
            "users 50 fails 500, posts 50 fails 502, comments 200",
            "users 50 fails 500, posts 100 fails 502",
            "users 100, posts 50",
        ]) {
            let (results, record) = fetch(answer, &scenario, recorder).await?;
            all_in_order(&scenario, &results)?;
            not_later(&record, scenario.slowest())?;
        }
        Ok(())
    });
}

fn each_result_stands_in_the_place_of_its_path(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for scenario in Scenario::several(&[
            "users 50 fails 500, posts 150, comments 300",
            "users 200 fails 500, posts 400, comments 100, tags 300 fails 404",
            "users 300, posts 200 fails 500, comments 100 fails 404, tags 400",
            "users 100, posts 200 fails 500, comments 300 fails 404, tags 400",
        ]) {
            let (results, _) = fetch(answer, &scenario, recorder).await?;
            all_in_order(&scenario, &results)?;
        }
        Ok(())
    });
}

fn each_error_carries_its_own_path(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for scenario in Scenario::several(&[
            "users 300 fails 500, posts 100 fails 502, comments 200 fails 502, tags 150",
            "users 100 fails 500, posts 200 fails 502, comments 300 fails 502, tags 150",
        ]) {
            let (results, _) = fetch(answer, &scenario, recorder).await?;
            all_in_order(&scenario, &results)?;
        }
        Ok(())
    });
}

fn many_calls_are_in_flight_together(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let third_fails = |call: usize, latency: usize| {
            let fails = if call.is_multiple_of(3) {
                " fails 503"
            } else {
                ""
            };
            format!("{latency}{fails}")
        };
        for (number, calls) in [(1, 12), (2, MANY)] {
            let scenario = Scenario::many(number, calls, |call| {
                third_fails(call, latency_of_many(call))
            });
            let (results, record) = fetch(answer, &scenario, recorder).await?;
            all_in_order(&scenario, &results)?;
            not_later(&record, scenario.slowest())?;
        }
        let scenario = Scenario::many(3, THOUSAND, |call| third_fails(call, 100));
        fetch(answer, &scenario, recorder).await?;
        Ok(())
    });
}

fn a_path_given_twice_gives_two_results(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for mut scenario in Scenario::several(&[
            "users 100, posts 200 fails 503, users 100, tags 300 fails 404",
            "users 100 fails 503, posts 200, users 100 fails 502",
            "users 100 fails 503, posts 200 fails 503, users 100",
            "users 100 fails 503, posts 200 fails 503, users 100 fails 503",
        ]) {
            let (results, record) = scenario.run(recorder, answer.fetch_safe).await?;
            not_by_the_rest(&scenario, &without_labels(&results))?;
            twice(&scenario, &record, Some(&results))?;
            together(&scenario, &record)?;
            none_dropped(&record)?;
            let came = results.first();
            scenario.exchange(came.map(|came| came.as_ref().map_err(|failed| &failed.error)));
            all_in_order(&scenario, &results)?;
        }
        // Side by side, equal results are easily taken for one.
        let scenario = Scenario::new(4, "users 100 fails 503, users 100 fails 503, posts 200");
        let (results, _) = scenario.run(recorder, answer.fetch_safe).await?;
        two_of_a_kind(&scenario, results.len(), "result")?;
        all_in_order(&scenario, &results)
    });
}

fn no_paths_give_no_results(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let right = |results: &Vec<_>| results.is_empty();
        of_nothing(recorder, answer.fetch_safe, right, "no results").await
    });
}
