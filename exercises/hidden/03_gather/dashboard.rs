//! The hidden tests of `dashboard`.

use async_workbook::{
    clock::Readable,
    harness::{Task, listed, ms, task},
    services::upstream::{Call, Page, Route},
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};

use crate::{
    Answer, Dashboard,
    calls::{extra_call_made, length, needless_wait, none_abandoned, results_missing},
    run::{Run, run},
    scenario::Scenario,
    watch::{MOST_OF_A_DAY, none_restarted},
};

pub(crate) const TASK: Task<Answer> = task!(
    dashboard: each_page_is_fetched_once,
    orders_and_stats_wait_together,
    each_page_stands_in_its_place,
);

/// A user by id and name, and how long the orders and the stats take; the user takes 0.1 s.
const SITES: [(u64, &str, [u64; 2]); 3] = [
    (7, "alice", [300, 200]),
    (8, "bob", [200, 300]),
    (9, "Carol Ann", [MOST_OF_A_DAY, 200]),
];

fn paths((id, name, _): (u64, &str, [u64; 2])) -> [String; 3] {
    [
        format!("users/{id}"),
        format!("orders/{name}"),
        format!("stats/{name}"),
    ]
}

async fn show(
    answer: &Answer,
    recorder: &Recorder,
    site: (u64, &str, [u64; 2]),
) -> Result<(Scenario, Run<Dashboard>), Fault> {
    let (id, name, [orders, stats]) = site;
    let paths = paths(site);
    let latencies = [100, orders, stats].map(ms);
    let pages = std::iter::zip(&paths, latencies).map(|(path, latency)| {
        let route = Route::new(path.as_str()).latency(latency);
        (route, latency)
    });
    let mut pages: Vec<_> = pages.collect();
    pages[0].0 = pages[0].0.clone().body(name);
    let scenario = Scenario::of(0, pages, paths.into());
    let dashboard = answer.dashboard;
    let run = run(&scenario, recorder, |scenario| {
        Box::pin(dashboard(&scenario.upstream, id))
    });
    let run = run.await?;
    Ok((scenario, run))
}

fn each_page_is_fetched_once(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for site in SITES {
            let (scenario, _) = show(answer, recorder, site).await?;
            let calls = scenario.calls();
            none_restarted(&calls)?;
            let count = |path: &str| calls.iter().filter(|call| call.path == path).count();
            let [user, orders, stats] = paths(site);
            ensure(count(&user) < 2, || {
                Fault::new("shared_input_fetched_twice")
                    .happened(format!("the user was fetched {} times", count(&user)))
                    .expected("there's one call for the user, and both other calls use the name that it yields")
                    .next("await the user before the `join!`, not inside each of its futures")
            })?;
            ensure(calls.len() <= 3, || extra_call_made(calls.len(), 3))?;
            // The next test tells whether the same page is in two places.
            let copied = count(&orders) == 2 || count(&stats) == 2;
            let all = count(&user) + count(&orders) + count(&stats);
            ensure(all == 3 && (copied || count(&orders) == 1), || {
                let made: Vec<_> = calls.iter().map(|call| call.path.as_str()).collect();
                results_missing(format!("the function made these calls: {}", listed(&made)))
            })?;
            none_abandoned(&calls)?;
        }
        Ok(())
    });
}

fn each_page_stands_in_its_place(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let mut swapped = 0;
        let mut last = None;
        for site in SITES {
            let (scenario, Run { output: shown, .. }) = show(answer, recorder, site).await?;
            none_restarted(&scenario.calls())?;
            let [user, orders, stats] = paths(site);
            let text = |path: &str| format!("{path} page");
            let holds =
                |page: &Page, path: &str, body: &str| page.path == path && page.body == body;
            let right = holds(&shown.user, &user, site.1)
                && holds(&shown.orders, &orders, &text(&orders))
                && holds(&shown.stats, &stats, &text(&stats));
            if !right {
                swapped += usize::from(
                    shown.orders.body == text(&stats) && shown.stats.body == text(&orders),
                );
                last = Some(shown);
            }
        }
        let Some(shown) = last else { return Ok(()) };
        let happened = format!(
            "`user` holds {}, `orders` holds {} and `stats` holds {}",
            shown.user.body, shown.orders.body, shown.stats.body
        );
        // Code that takes the first answer for the orders mixes the two up when the stats are faster.
        Err(if (1..SITES.len()).contains(&swapped) {
            Fault::new("results_in_completion_order")
                .happened(format!("when the other answer arrived first, {happened}"))
                .expected("each field holds its own page, whichever answer comes first")
                .next("bind each page to its own name: `join!` gives a tuple in the order of its futures")
        } else {
            Fault::new("results_swapped")
                .happened(happened)
                .expected("each field holds its own page")
                .next("give each field of the `Dashboard` the page of its own path")
        })
    });
}

fn orders_and_stats_wait_together(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for site in SITES {
            let (scenario, Run { took, .. }) = show(answer, recorder, site).await?;
            none_restarted(&scenario.calls())?;
            let (user, others): (Vec<_>, Vec<_>) = scenario
                .calls()
                .into_iter()
                .partition(|call| call.path.starts_with("users/"));
            let slower = others.iter().filter_map(length).max().unwrap_or_default();
            let expected = ms(100) + slower;
            // How long after the user arrived each of the others was asked for.
            let user_there = user.first().and_then(|call| call.ended);
            let late = |call: &Call| Some(call.started?.duration_since(user_there?));
            ensure(
                others.iter().filter_map(late).all(|late| late.is_zero()),
                || {
                    let late = others.iter().filter_map(|call| {
                        Some(format!(
                            "{} was asked for {} later",
                            call.path,
                            Readable(late(call)?)
                        ))
                    });
                    Fault::new("independent_calls_in_sequence")
                    .happened(format!(
                        "after the user had arrived, {}; the function took {}",
                        late.collect::<Vec<_>>().join(", "),
                        Readable(took)
                    ))
                    .expected(format!(
                        "both are asked for as soon as the user arrives, and the function takes {}: {} for the user and {} for the slower of the two",
                        Readable(expected),
                        Readable(ms(100)),
                        Readable(slower)
                    ))
                    .next("make both futures once you have the user, and await them with one `tokio::join!`")
                },
            )?;
            ensure(took == expected, || needless_wait(expected, took))?;
        }
        Ok(())
    });
}
