//! The services that the code under study calls.
//!
//! A test goes through several scenarios, each with a service of its own: other latencies, other texts.
//! An answer that is right by luck in one of them is not in the next.

use async_workbook::{
    clock::Clock,
    harness::ms,
    services::upstream::{Route, Upstream},
};

/// The body of a page, which it has in no other scenario. One page has none, and one has all that an answer might
/// tidy up.
pub(crate) fn body_of(path: &str, number: usize) -> String {
    match path {
        "blank" => String::new(),
        "poem" => format!("  Roses are red,\n\tviolets ÄRE {number}  "),
        path => format!("{path}, as scenario {number} has it"),
    }
}

/// A service whose pages have these paths, latencies in milliseconds, and bodies of their own.
///
/// Code that blocks a thread finds its clock paused, too: it loses no real time.
pub(crate) fn service(number: usize, pages: &[(&str, u64)]) -> Upstream {
    let builder = Upstream::builder().clock(Clock::Virtual);
    pages
        .iter()
        .fold(builder, |builder, &(path, latency)| {
            let body = body_of(path, number);
            builder.route(Route::new(path).latency(ms(latency)).body(body))
        })
        .build()
}

/// A service whose pages fail once each, and would be there at the next call.
pub(crate) fn failing_once() -> Upstream {
    let builder = Upstream::builder().clock(Clock::Virtual);
    ["users", "posts"]
        .into_iter()
        .fold(builder, |builder, path| {
            let broken = Route::new(path).latency(ms(200)).fails(503);
            builder.route(Route::new(path).latency(ms(100)).first(1, broken))
        })
        .build()
}

/// Paths, as many as are asked for, of four pages with these latencies, and their service.
pub(crate) fn four_pages(
    number: usize,
    latencies: [u64; 4],
    count: usize,
) -> (Upstream, Vec<&'static str>) {
    let names = ["users", "posts", "comments", "albums"];
    let pages: Vec<_> = std::iter::zip(names, latencies).collect();
    let paths = names.into_iter().cycle().take(count).collect();
    (service(number, &pages), paths)
}
