//! The hidden tests of `in_order`.

use async_workbook::{
    clock::Readable,
    harness::{Task, counted, task},
    services::upstream::Upstream,
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};

use crate::{
    Answer,
    contract::{
        bodies_missing, called, no_time_was_lost, none_was_kept, same_body, shows_a_failure,
        waited_on_the_runtime,
    },
    many_calls::{in_turn, no_thread_is_kept},
    run::{Run, length, run},
    scenario::{body_of, failing_once, service},
};

pub(crate) const TASK: Task<Answer> = task!(
    in_order: one_call_after_the_other,
    bodies_come_in_the_order_of_the_paths,
    every_path_is_fetched,
    a_path_given_twice_is_fetched_twice,
    a_page_wanted_again_is_fetched_again,
    no_paths_give_no_bodies,
    a_failure_shows,
    many_calls_keep_no_thread,
);

/// Fetches all pages of a service, and holds the answer to the whole contract.
async fn fetch(
    answer: &Answer,
    recorder: &Recorder,
    upstream: &Upstream,
    number: usize,
    paths: &[&str],
) -> Result<(), Fault> {
    recorder.restart();
    let run = run(upstream, async { (answer.in_order)(upstream, paths).await }).await?;
    none_was_kept(&run, number)?;
    called(&run, paths)?;
    waited_on_the_runtime(&run)?;
    one_at_a_time(&run, upstream)?;
    asked_in_order(&run, paths)?;
    no_time_was_lost(&run, upstream)?;
    bodies_in_order(&run.output, paths, number)
}

fn one_at_a_time<T>(run: &Run<T>, upstream: &Upstream) -> Result<(), Fault> {
    let sum = run.calls.iter().map(length).sum();
    let at_once = upstream.high_water();
    ensure(at_once <= 1, || {
        Fault::new("calls_overlap")
            .happened(format!(
                "{at_once} of {} were in flight at the same time; it took {}",
                counted(run.calls.len(), "call"),
                Readable(run.took)
            ))
            .expected(format!(
                "one call at a time, and it takes {}, the sum of their latencies",
                Readable(sum)
            ))
            .next("await each page before you ask for the next: a `for` loop with an `.await` in it does so")
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
            wrong_order(format!(
                "{} was asked for when it was the turn of {}",
                asked[place], paths[place]
            ))
        } else {
            bodies_missing(format!(
                "{} was asked for when it was the turn of {}, and some path never was",
                asked[place], paths[place]
            ))
        }
    })
}

fn wrong_order(happened: String) -> Fault {
    Fault::new("wrong_order")
        .happened(happened)
        .expected("the pages are asked for, and their bodies come, in the order of the paths")
        .next("go through the paths from the first to the last, and push each body at the end")
}

fn bodies_counted(count: usize) -> String {
    match count {
        1 => "1 body".to_owned(),
        count => format!("{count} bodies"),
    }
}

fn bodies_in_order(bodies: &[String], paths: &[&str], number: usize) -> Result<(), Fault> {
    ensure(bodies.len() == paths.len(), || {
        bodies_missing(format!(
            "for {} there came {}",
            counted(paths.len(), "path"),
            bodies_counted(bodies.len())
        ))
    })?;
    for (path, body) in std::iter::zip(paths, bodies) {
        let other = paths
            .iter()
            .find(|&other| other != path && *body == body_of(other, number));
        if let Some(other) = other {
            return Err(wrong_order(format!(
                "in the place of {path} stands the body of {other}"
            )));
        }
        same_body(path, body, &body_of(path, number))?;
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
        for (number, pages) in services.iter().enumerate() {
            let paths = pages.map(|(path, _)| path);
            fetch(answer, recorder, &service(number, pages), number, &paths).await?;
        }
        Ok(())
    });
}

/// Neither the names nor the latencies say what the order is.
fn bodies_come_in_the_order_of_the_paths(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let pages = [("posts", 300), ("users", 100), ("blank", 50), ("poem", 200)];
        let orders = [
            ["posts", "users", "blank", "poem"],
            ["poem", "posts", "users", "blank"],
            ["blank", "users", "poem", "posts"],
        ];
        for (number, paths) in orders.iter().enumerate() {
            fetch(answer, recorder, &service(number, &pages), number, paths).await?;
        }
        Ok(())
    });
}

/// Enough for any batch, and one call that takes longer than any customary timeout.
fn every_path_is_fetched(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let names: Vec<_> = (0..120).map(|page| format!("pages/{page}")).collect();
        let pages: Vec<_> = std::iter::zip(&names, 0..)
            .map(|(name, page)| {
                let latency = if page == 7 { 5_400_000 } else { 10 + page % 3 };
                (name.as_str(), latency)
            })
            .collect();
        for (number, count) in [120, 2, 1].into_iter().enumerate() {
            let pages = &pages[..count];
            let paths: Vec<_> = pages.iter().map(|&(path, _)| path).collect();
            fetch(answer, recorder, &service(number, pages), number, &paths).await?;
        }
        Ok(())
    });
}

fn a_path_given_twice_is_fetched_twice(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let pages = [("users", 100), ("posts", 200)];
        for (number, paths) in [["users", "posts", "users"], ["posts", "posts", "users"]]
            .iter()
            .enumerate()
        {
            fetch(answer, recorder, &service(number, &pages), number, paths).await?;
        }
        Ok(())
    });
}

fn a_page_wanted_again_is_fetched_again(answer: &Answer) {
    examine(async |_: &Recorder| {
        let upstream = service(0, &[("users", 100), ("posts", 200)]);
        let calls = async {
            (answer.in_order)(&upstream, &["users", "posts"]).await;
            (answer.in_order)(&upstream, &["users", "posts"]).await
        };
        called(
            &run(&upstream, calls).await?,
            &["users", "posts", "users", "posts"],
        )
    });
}

fn no_paths_give_no_bodies(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let upstream = service(1, &[("users", 100)]);
        recorder.restart();
        let run = run(&upstream, async { (answer.in_order)(&upstream, &[]).await }).await?;
        ensure(run.output.is_empty() && run.calls_later == 0, || {
            Fault::new("bodies_from_nowhere")
                .happened(format!(
                    "for no paths the upstream got {}, and {} came back",
                    counted(run.calls_later, "call"),
                    bodies_counted(run.output.len())
                ))
                .expected("no paths: no calls, and no bodies")
                .next("let the paths alone decide what is fetched")
        })
    });
}

fn a_failure_shows(answer: &Answer) {
    examine(async |_: &Recorder| {
        let (upstream, paths) = (failing_once(), ["users", "posts"]);
        let calls = async { (answer.in_order)(&upstream, &paths).await };
        shows_a_failure(&upstream, &paths, calls).await
    });
}

fn many_calls_keep_no_thread(answer: &Answer) {
    no_thread_is_kept(in_turn(async |upstream| {
        drop((answer.in_order)(upstream, &["blank"]).await);
    }));
}
