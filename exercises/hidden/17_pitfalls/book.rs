//! The hidden tests of `book`.

use std::{collections::BTreeMap, time::Duration};

use async_workbook::{
    harness::{Task, counted, task},
    services::upstream::{Builder, Route, Upstream},
    verdict::{Fault, ensure, examine},
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use crate::{
    Answer,
    additions::{Page, all_are_asked_for_at_once, each_request_asks_once, it_is_waited_for},
    town::{Town, ask_for, expected},
};

pub(crate) const TASK: Task<Answer> = task!(
    book: the_parts_are_asked_for_together,
    a_part_that_fails_leaves_the_others_whole,
    each_part_stands_in_its_line,
    no_part_is_asked_for_twice,
    nothing_is_added,
);

const PARTS: [&str; 3] = ["titles", "reviews", "related"];

fn catalogue(isbn: &str, failing: &[&str]) -> Builder {
    PARTS.iter().fold(Upstream::builder(), |builder, &part| {
        let route = Route::new(format!("{part}/{isbn}")).body(format!("{part} of {isbn}"));
        builder.route(if failing.contains(&part) {
            route.fails(503)
        } else {
            route
        })
    })
}

fn page(isbn: &str, failing: &[&str]) -> String {
    let line = |part: &&str| match failing.contains(part) {
        true => "unavailable".to_owned(),
        false => format!("{part} of {isbn}"),
    };
    PARTS.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn the_parts_are_asked_for_together(answer: &Answer) {
    examine(async |_| {
        for isbn in ["111", "222"] {
            together(answer, isbn).await?;
        }
        Ok(())
    });
}

async fn together(answer: &Answer, isbn: &str) -> Result<(), Fault> {
    let town = Town::new(answer, catalogue(isbn, &[]).gate(3)).await;
    let asked = town.get(&format!("/books/{isbn}"));
    let together = town.hold.until(|| town.catalogue.high_water() == 3);
    ensure(together.await, || {
        let at_most = town.catalogue.high_water();
        Fault::new("independent_calls_in_sequence")
            .happened(format!(
                "the catalogue had {} in flight, and no more came (it answers only once the service has asked for all 3 parts)",
                counted(at_most, "call")
            ))
            .expected("all 3 calls are in flight together: the page takes as long as its slowest part")
            .next("in `book`, find the `.await` between one part and the next: neither needs the other's answer")
    })?;
    let answer = asked.answer().await;
    expected(&format!("/books/{isbn}"), &answer, 200, &page(isbn, &[]))
}

fn a_part_that_fails_leaves_the_others_whole(answer: &Answer) {
    examine(async |_| {
        let failing: [&[&str]; 5] = [
            &["titles"],
            &["reviews"],
            &["related"],
            &["titles", "related"],
            &PARTS,
        ];
        for failing in failing {
            let town = Town::new(answer, catalogue("111", failing)).await;
            let answer = town.get("/books/111").answer().await;
            let lost = answer.status != 200
                || PARTS.iter().any(|part| {
                    !failing.contains(part) && !answer.body.contains(&format!("{part} of 111"))
                });
            ensure(!lost, || {
                Fault::new("results_dropped_at_first_error")
                    .happened(format!(
                        "the catalogue failed for {}, and {}",
                        failing.join(" and "),
                        answer.told()
                    ))
                    .expected("the answer is a 200, with `unavailable` in the line of each part that failed, and the other parts in their lines")
                    .next("in `book`, replace `try_join!` with `join!`, and turn each part's own error into `unavailable`: `try_join!` gives up at the first error")
            })?;
            expected("/books/111", &answer, 200, &page("111", failing))?;
        }
        Ok(())
    });
}

/// Whichever part comes first.
fn each_part_stands_in_its_line(answer: &Answer) {
    examine(async |_| {
        for latencies in [[300, 200, 100], [100, 300, 200], [200, 100, 300]] {
            let builder =
                std::iter::zip(PARTS, latencies).fold(Upstream::builder(), |builder, part| {
                    let (part, latency) = part;
                    let route = Route::new(format!("{part}/5")).body(format!("{part} of 5"));
                    builder.route(route.latency(Duration::from_millis(latency)))
                });
            let town = Town::new(answer, builder).await;
            let asked = town.get("/books/5");
            town.hold.until(|| town.catalogue.in_flight() == 3).await;
            town.hold.release().await;
            let answer = asked.answer().await;
            expected("/books/5", &answer, 200, &page("5", &[]))?;
        }
        Ok(())
    });
}

/// A catalogue whose parts answer at once, and which records each request as it was sent.
async fn mock(failing: &[&str]) -> MockServer {
    let server = MockServer::start().await;
    for part in PARTS {
        let answer = match failing.contains(&part) {
            true => ResponseTemplate::new(503),
            false => ResponseTemplate::new(200).set_body_string(format!("{part} of 111")),
        };
        Mock::given(path(format!("/{part}/111")))
            .respond_with(answer)
            .mount(&server)
            .await;
    }
    server
}

/// The requests that a catalogue got, such as `2 x GET /titles/111`, in the order of their paths.
async fn requests(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await;
    let mut counts = BTreeMap::new();
    for request in requests.expect("a mock records requests unless it's told not to") {
        *counts
            .entry(format!("{} {}", request.method, request.url.path()))
            .or_insert(0) += 1;
    }
    let told = |(request, count)| match count {
        1 => request,
        count => format!("{count} x {request}"),
    };
    counts.into_iter().map(told).collect()
}

fn asked_again(failing: &[&str], requests: &[String]) -> Fault {
    let failed = match failing {
        [] => "nothing failed".to_owned(),
        parts => format!("{} failed", parts.join(" and ")),
    };
    Fault::new("unrequested_retry")
        .happened(format!(
            "{failed}, and for one page the service sent the catalogue {}",
            requests.join(", ")
        ))
        .expected("it sends one GET for each part, even if a part fails, and nothing else")
        .next("in `book`, remove the retry: a part that failed is `unavailable`, and you already have the others")
}

/// Other tests look at what the page says.
fn no_part_is_asked_for_twice(answer: &Answer) {
    examine(async |_| {
        let once = PARTS.map(|part| format!("GET /{part}/111"));
        for failing in [&[][..], &["titles"], &["related"], &PARTS] {
            let catalogue = mock(failing).await;
            let town = Town::new(answer, Upstream::builder()).await;
            let shop = town.shop_with(catalogue.uri());
            ask_for(&shop, "GET", "/books/111").answer().await;
            let requests = requests(&catalogue).await;
            let expected = requests.iter().all(|request| once.contains(request));
            ensure(expected, || asked_again(failing, &requests))?;
        }
        Ok(())
    });
}

fn nothing_is_added(answer: &Answer) {
    const PAGE: Page = Page {
        path: "/books/111",
        parts: &[
            ("titles/111", "titles of 111"),
            ("reviews/111", "reviews of 111"),
            ("related/111", "related of 111"),
        ],
        body: "titles of 111\nreviews of 111\nrelated of 111",
    };
    examine(async |_| {
        together(answer, "111").await?;
        each_request_asks_once(answer, &PAGE).await?;
        all_are_asked_for_at_once(answer, &PAGE, 10).await?;
        it_is_waited_for(answer, &PAGE).await
    });
}
