//! The hidden tests of `in_order`.

use async_workbook::{
    clock::Readable,
    harness::{Task, counted, ms, task},
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};

use crate::{
    Answer,
    calls::{called, results_missing},
    contract::{ends_when_dropped, fetches_again, none_was_kept, same_body, shows_a_failure},
    many_calls::{in_turn, no_thread_is_kept},
    run::{Run, run},
    scenario::Scenario,
    timing::{length, no_time_was_lost, waited_on_the_runtime},
};

pub(crate) const TASK: Task<Answer> = task!(
    in_order: one_call_after_the_other,
    bodies_come_in_the_order_of_the_paths,
    every_path_is_fetched,
    a_path_given_twice_is_fetched_twice,
    a_page_wanted_again_is_fetched_again,
    no_paths_give_no_bodies,
    a_failure_shows,
    a_dropped_call_ends,
    many_calls_keep_no_thread,
);

/// Fetches all pages of a service, and checks the whole contract.
async fn fetch(
    answer: &Answer,
    recorder: &Recorder,
    scenario: &Scenario,
    paths: &[&str],
) -> Result<(), Fault> {
    recorder.restart();
    let run = run(scenario, async {
        (answer.in_order)(&scenario.upstream, paths).await
    })
    .await?;
    none_was_kept(&run, scenario)?;
    called(&run, paths)?;
    waited_on_the_runtime(&run)?;
    one_at_a_time(&run, scenario)?;
    asked_in_order(&run, paths)?;
    no_time_was_lost(&run, scenario)?;
    bodies_in_order(&run.output, paths, scenario)
}

fn one_at_a_time<T>(run: &Run<T>, scenario: &Scenario) -> Result<(), Fault> {
    let sum = run.calls.iter().map(length).sum();
    let at_once = scenario.upstream.high_water();
    ensure(at_once <= 1, || {
        Fault::new("unrequested_concurrency")
            .happened(format!(
                "{at_once} of {} were in flight at the same time; they took {}",
                counted(run.calls.len(), "call"),
                Readable(run.took)
            ))
            .expected(format!(
                "one call is in flight at a time, and they take {}, the sum of their latencies",
                Readable(sum)
            ))
            .next(
                "await each page before you ask for the next: put the `.await` inside a `for` loop",
            )
    })
}

fn asked_in_order<T>(run: &Run<T>, paths: &[&str]) -> Result<(), Fault> {
    let asked: Vec<_> = run.calls.iter().map(|call| call.path.as_str()).collect();
    ensure(asked == paths, || {
        let place = std::iter::zip(&asked, paths).position(|(asked, path)| asked != path);
        let place = place.unwrap_or_default();
        let (mut sorted, mut expected) = (asked.clone(), paths.to_vec());
        sorted.sort_unstable();
        expected.sort_unstable();
        if sorted == expected {
            input_order_ignored(format!(
                "{} was asked for when it was {}'s turn",
                asked[place], paths[place]
            ))
        } else {
            results_missing(format!(
                "{} was asked for when it was {}'s turn, and one of the paths was never asked for",
                asked[place], paths[place]
            ))
        }
    })
}

fn input_order_ignored(happened: String) -> Fault {
    Fault::new("input_order_ignored")
        .happened(happened)
        .expected(
            "the function asks for the pages, and returns their bodies, in the order of `paths`",
        )
        .next("loop over `paths` from first to last, and push each body onto the end of the `Vec`")
}

fn bodies_counted(count: usize) -> String {
    match count {
        1 => "1 body".to_owned(),
        count => format!("{count} bodies"),
    }
}

fn bodies_in_order(bodies: &[String], paths: &[&str], scenario: &Scenario) -> Result<(), Fault> {
    ensure(bodies.len() == paths.len(), || {
        results_missing(format!(
            "for {}, the function returned {}",
            counted(paths.len(), "path"),
            bodies_counted(bodies.len())
        ))
    })?;
    for (path, body) in std::iter::zip(paths, bodies) {
        let other = paths
            .iter()
            .find(|&other| other != path && *body == scenario.body_of(other));
        if let Some(other) = other {
            return Err(input_order_ignored(format!(
                "the body of {other} is in the place of {path}"
            )));
        }
        same_body(path, body, &scenario.body_of(path))?;
    }
    Ok(())
}

fn one_call_after_the_other(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let services = [
            [("users", 1000), ("posts", 1000), ("comments", 1000)],
            [("users", 500), ("posts", 300), ("comments", 200)],
            [("users", 0), ("posts", 2000), ("comments", 1)],
        ];
        for pages in services {
            let paths = pages.map(|(path, _)| path);
            fetch(answer, recorder, &Scenario::new(&pages), &paths).await?;
        }
        Ok(())
    });
}

/// Neither the names nor the latencies give the order away.
fn bodies_come_in_the_order_of_the_paths(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let pages = [("posts", 300), ("users", 100), ("blank", 50), ("poem", 200)];
        let orders = [
            ["posts", "users", "blank", "poem"],
            ["poem", "posts", "users", "blank"],
            ["blank", "users", "poem", "posts"],
        ];
        for paths in orders {
            fetch(answer, recorder, &Scenario::new(&pages), &paths).await?;
        }
        Ok(())
    });
}

/// More calls than fit a batch, one of them longer than any usual timeout.
fn every_path_is_fetched(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let names: Vec<_> = (0..120).map(|page| format!("pages/{page}")).collect();
        let pages: Vec<_> = std::iter::zip(&names, 0..)
            .map(|(name, page)| {
                let latency = if page == 7 { 5_400_000 } else { 10 + page % 3 };
                (name.as_str(), latency)
            })
            .collect();
        for count in [2, 1, 120] {
            let pages = &pages[..count];
            let paths: Vec<_> = pages.iter().map(|&(path, _)| path).collect();
            fetch(answer, recorder, &Scenario::new(pages), &paths).await?;
        }
        Ok(())
    });
}

fn a_path_given_twice_is_fetched_twice(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let pages = [("users", 100), ("posts", 200)];
        for paths in [["users", "posts", "users"], ["posts", "posts", "users"]] {
            fetch(answer, recorder, &Scenario::new(&pages), &paths).await?;
        }
        Ok(())
    });
}

fn a_page_wanted_again_is_fetched_again(answer: &Answer) {
    examine(async |_: &Recorder| {
        let scenario = Scenario::new(&[("users", 100), ("posts", 200)]);
        let paths = ["users", "posts"];
        let calls = async || (answer.in_order)(&scenario.upstream, &paths).await;
        fetches_again(&scenario, &paths, [calls(), calls()]).await
    });
}

fn no_paths_give_no_bodies(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let scenario = Scenario::new(&[("users", 100)]);
        recorder.restart();
        let calls = async { (answer.in_order)(&scenario.upstream, &[]).await };
        let run = run(&scenario, calls).await?;
        ensure(run.output.is_empty() && run.calls_later == 0, || {
            Fault::new("result_invented")
                .happened(format!(
                    "for no paths, the upstream got {}, and the function returned {}",
                    counted(run.calls_later, "call"),
                    bodies_counted(run.output.len())
                ))
                .expected("no paths means no calls and no bodies")
                .next("call `fetch` only inside the loop over `paths`")
        })
    });
}

fn a_failure_shows(answer: &Answer) {
    examine(async |_: &Recorder| {
        let (scenario, paths) = (Scenario::failing_once(), ["users", "posts"]);
        let calls = async { (answer.in_order)(&scenario.upstream, &paths).await };
        shows_a_failure(&scenario, &paths, calls).await
    });
}

/// The calls run to their end once. Then the future is dropped: during the first call, during the second, and after the
/// first poll.
fn a_dropped_call_ends(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let pages = [("users", 1000), ("posts", 1000), ("comments", 1000)];
        let paths = pages.map(|(path, _)| path);
        fetch(answer, recorder, &Scenario::new(&pages), &paths).await?;
        for after in [ms(500), ms(1500), ms(0)] {
            let scenario = Scenario::new(&pages);
            recorder.restart();
            let calls = async { (answer.in_order)(&scenario.upstream, &paths).await };
            ends_when_dropped(&scenario, after, calls).await?;
        }
        Ok(())
    });
}

fn many_calls_keep_no_thread(answer: &Answer) {
    no_thread_is_kept(in_turn(async |upstream| {
        drop((answer.in_order)(upstream, &["blank"]).await);
    }));
}
