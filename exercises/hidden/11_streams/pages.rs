//! The hidden tests of `pages`.

use std::{future, time::Duration};

use async_workbook::{
    clock::{Readable, distinct},
    harness::{Task, counted, listed, ms, task},
    timeline::Recorder,
    verdict::{Fault, ensure, examine, mark},
};
use futures::{FutureExt as _, StreamExt as _};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    Answer, Row,
    faults::cancelled_call_kept_running,
    feed::{Feed, LATENCY, path},
};

pub(crate) const TASK: Task<Answer> = task!(
    pages: rows_come_in_order,
    nothing_happens_before_the_first_row_is_asked_for,
    rows_come_as_soon_as_their_page_is_there,
    a_page_without_rows_is_passed_over,
    the_next_page_waits_until_it_is_asked_for,
    an_error_ends_the_stream,
    a_reader_may_stop_waiting_and_ask_again,
    a_dropped_stream_drops_its_call,
    each_stream_fetches_for_itself,
);

const A_DAY: Duration = ms(20 * 60 * 60 * 1000);

/// Reads the stream to its end, or until it has given more than it can have.
async fn read(answer: &Answer, feed: &Feed) -> Vec<Row> {
    let most = feed.expected().len() + 2;
    let stream = (answer.pages)(&feed.upstream, "users/1");
    let reading = stream.take(most).collect::<Vec<_>>();
    match timeout(A_DAY, reading).await {
        Ok(rows) => rows,
        // There's a separate verdict for waiting for ever.
        Err(_) => future::pending().await,
    }
}

fn good(rows: &[Row]) -> Vec<String> {
    let good = rows.iter().filter_map(|row| row.as_ref().ok());
    good.cloned().collect()
}

/// Every row, in order, and one call for each page.
fn complete(feed: &Feed, rows: &[Row]) -> Result<(), Fault> {
    let expected: Vec<String> = feed.expected().into_iter().map(|(_, row)| row).collect();
    let given = good(rows);
    let of = format!(
        "of {} on {}",
        counted(expected.len(), "row"),
        counted(feed.rows.len(), "page")
    );
    if let Some(Err(error)) = rows.iter().find(|row| row.is_err())
        && feed.failing.is_none()
    {
        return Err(Fault::new("wrong_path_fetched")
            .happened(format!(
                "the stream gave an error, `{error}`, and every page is there"
            ))
            .expected(
                "it fetches `first`, and after that the path that `parse` returns with each page",
            )
            .next("pass on the path that `parse` returns, as it is"));
    }
    let calls = feed.calls().len();
    let foreign = given
        .iter()
        .find(|row| !expected.contains(row) && !row.starts_with("next: "));
    if let Some(foreign) = foreign.filter(|_| calls < feed.rows.len()) {
        return Err(Fault::new("unrequested_cache")
            .happened(format!("the stream gave `{foreign}`, a row of another upstream, and this one got {} for {}", counted(calls, "call"), counted(feed.rows.len(), "page")))
            .expected("each stream fetches its own pages")
            .next("keep nothing in a `static`: the state of a stream belongs in the stream"));
    }
    let next_line = given
        .iter()
        .find(|row| row.starts_with("next: ") && !expected.contains(row));
    ensure(next_line.is_none(), || {
        Fault::new("data_altered")
            .happened("the stream gave the line with the path of the next page as a row")
            .expected("rows are what `parse` returns as rows")
            .next("use `parse` for every page")
    })?;
    ensure(given.len() >= expected.len(), || {
        Fault::new("results_missing")
            .happened(format!("{of}, the stream gave {}, and then it ended: {}", given.len(), listed(&given)))
            .expected("it gives the rows of every page, up to the page that names no other")
            .next("go on with the next page after the last row of a page, even if the page had no rows. If the state of your `unfold` holds rows that are left, keep them all")
    })?;
    ensure(given.len() == expected.len(), || {
        Fault::new("result_invented")
            .happened(format!(
                "{of}, the stream gave {}: {}",
                given.len(),
                listed(&given)
            ))
            .expected("it gives each row once, and ends after the page that names no other")
            .next("end the stream when `parse` returns no next path")
    })?;
    let sorted = |rows: &[String]| {
        let mut rows = rows.to_vec();
        rows.sort();
        rows
    };
    ensure(sorted(&given) == sorted(&expected), || {
        Fault::new("data_altered")
            .happened(format!("the stream gave {given:?}"))
            .expected(format!(
                "it gives the rows as `parse` returns them: {expected:?}"
            ))
            .next("hand on each row as it is, spaces and empty rows included")
    })?;
    ensure(given == expected, || {
        Fault::new("results_swapped")
            .happened(format!("the rows came as {}", listed(&given)))
            .expected(format!("they come as {}", listed(&expected)))
            .next("take the rows of a page from the front: `pop` on a `Vec` takes them from the back. And await one page after another")
    })?;
    let asked: Vec<String> = feed.calls().into_iter().map(|call| call.path).collect();
    let pages = feed.failing.map_or(feed.rows.len(), |failing| failing + 1);
    ensure(asked.len() <= pages, || {
        // The same error twice is a retry, and the same page twice is none.
        let again = feed.failing.is_some_and(|failing| {
            asked
                .iter()
                .filter(|asked| **asked == path(failing))
                .count()
                > 1
        });
        let name = if again {
            "unrequested_retry"
        } else {
            "extra_call_made"
        };
        Fault::new(name)
            .happened(format!("for {}, the upstream got {}: {}", counted(pages, "page"), counted(asked.len(), "call"), listed(&asked)))
            .expected("it fetches each page once, and leaves it to its reader whether to try again")
            .next("keep the rows of a page in the state of the stream, instead of fetching it for each row, and end the stream after an error")
    })
}

fn rows_come_in_order(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // How many rows are on each page.
        for (number, pages) in [
            &[1][..],
            &[3],
            &[2, 2],
            &[3, 1, 4],
            &[12, 1, 1, 7, 30],
            &[1; 12],
            // More than a customary limit.
            &[1; 120],
        ]
        .into_iter()
        .enumerate()
        {
            recorder.restart();
            let feed = Feed::new(&format!("row {number}/"), pages);
            let rows = read(answer, &feed).await;
            complete(&feed, &rows)?;
        }
        recorder.restart();
        let odd = [
            &["twice", "twice", "next: a row", "", " spaces "][..],
            &["next: a row", "twice", ":"],
        ];
        let odd = odd.map(|rows| rows.iter().copied().map(str::to_owned).collect());
        let feed = Feed::of(odd.into(), None, LATENCY);
        let rows = read(answer, &feed).await;
        complete(&feed, &rows)?;
        recorder.restart();
        let slow = vec![vec!["one".to_owned()], vec!["two".to_owned()]];
        let feed = Feed::of(slow, None, ms(90_000));
        let rows = read(answer, &feed).await;
        ensure(feed.dropped() == 0, || {
            Fault::new("given_up_too_early")
                .happened("a page took 90 s, and its call was dropped before the page was there")
                .expected("the stream waits for a page as long as it takes: its reader decides when that's too long")
                .next("remove the timeout")
        })?;
        complete(&feed, &rows)
    });
}

fn fetched_in_advance(happened: String) -> Fault {
    Fault::new("page_fetched_in_advance")
        .happened(happened)
        .expected("the first call begins when somebody asks for a row that isn't there yet")
        .next("let the stream do the fetching when it's polled, as `try_unfold` or `try_stream!` does: a task that you spawn runs ahead of its reader")
}

/// Read one by one, the rows aren't those that they are when read in one go.
fn another_row(row: Option<Row>, expected: &str) -> Fault {
    let came = match row {
        None => "the stream ended".to_owned(),
        Some(Ok(row)) => format!("`{row}` came"),
        Some(Err(error)) => format!("an error came, `{error}`,"),
    };
    Fault::new("results_swapped")
        .happened(format!(
            "read one by one, {came} where `{expected}` was next"
        ))
        .expected("the rows don't depend on when they're asked for")
        .next("keep whatever the next row needs in the state of the stream")
}

fn nothing_happens_before_the_first_row_is_asked_for(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        recorder.restart();
        let feed = Feed::new("row ", &[2, 2]);
        let stream = (answer.pages)(&feed.upstream, "users/1");
        sleep(ms(1000)).await;
        let calls = feed.calls().len();
        ensure(calls == 0, || {
            fetched_in_advance(format!(
                "nobody had asked for a row yet, and the upstream had got {}",
                counted(calls, "call")
            ))
        })?;
        drop(stream);
        Ok(())
    });
}

fn rows_come_as_soon_as_their_page_is_there(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (number, pages) in [&[1, 1, 1][..], &[2, 2], &[5, 3, 2, 1]]
            .into_iter()
            .enumerate()
        {
            recorder.restart();
            let feed = Feed::new(&format!("row {number}/"), pages);
            let start = Instant::now();
            let mut stream = (answer.pages)(&feed.upstream, "users/1");
            for (page, expected) in feed.expected() {
                let row = stream.next().await;
                let calls = feed.calls().len();
                let (due, came) = (LATENCY * (page as u32 + 1), start.elapsed());
                let got = matches!(&row, Some(Ok(row)) if *row == expected);
                if !got {
                    return Err(another_row(row, &expected));
                }
                mark(&format!("row {expected}"));
                ensure(came <= due, || {
                    let [came, due] = distinct([came, due]);
                    if page == 0 && calls == pages.len() {
                        Fault::new("everything_collected_first")
                            .happened(format!("the first row came after {came}, when all {} had been fetched", counted(calls, "page")))
                            .expected(format!("it comes after {due}, with its page"))
                            .next("return a stream that goes on from page to page, instead of collecting all rows into a `Vec` and making a stream of that")
                    } else if calls > page + 1 {
                        fetched_in_advance(format!(
                            "a row of page {} came after {came}, and {} had been fetched by then",
                            page + 1,
                            counted(calls, "page")
                        ))
                    } else {
                        Fault::new("needless_wait")
                            .happened(format!("a row of page {} came after {came}", page + 1))
                            .expected(format!("it comes after {due}, as soon as its page is there"))
                            .next("remove the sleep or the timer: the page itself is all that a row waits for")
                    }
                })?;
            }
        }
        Ok(())
    });
}

fn the_next_page_waits_until_it_is_asked_for(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (number, pages) in [&[1, 1][..], &[3, 2, 4], &[1; 6], &[0, 1, 1, 0, 0, 1, 1]]
            .into_iter()
            .enumerate()
        {
            recorder.restart();
            let feed = Feed::new(&format!("row {number}/"), pages);
            let mut stream = (answer.pages)(&feed.upstream, "users/1");
            for (page, expected) in feed.expected() {
                let row = stream.next().await;
                if !matches!(&row, Some(Ok(row)) if *row == expected) {
                    return Err(another_row(row, &expected));
                }
                // A reader who takes his time with each row.
                sleep(ms(1000)).await;
                let calls = feed.calls().len();
                ensure(calls == page + 1, || {
                    Fault::new("page_fetched_in_advance")
                        .happened(format!("the reader had taken {} of page {}, and asked for nothing more. A second later, the upstream had got {}", expected, page + 1, counted(calls, "call")))
                        .expected(format!("{} is fetched when the reader asks for its first row, and never before", path(page + 1)))
                        .next("fetch the next page in the poll that finds no row left, and not in a task, in `buffered`, or together with the page before")
                })?;
            }
        }
        Ok(())
    });
}

fn a_page_without_rows_is_passed_over(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (number, pages) in [&[2, 0, 2][..], &[0, 1], &[1, 0], &[0], &[0, 0, 0, 3, 0, 0]]
            .into_iter()
            .enumerate()
        {
            recorder.restart();
            let feed = Feed::new(&format!("row {number}/"), pages);
            let rows = read(answer, &feed).await;
            complete(&feed, &rows)?;
        }
        Ok(())
    });
}

fn an_error_ends_the_stream(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // How many rows are on each page, and the page that can't be fetched.
        let runs: [(&[usize], usize); 4] = [
            (&[2, 2, 2], 1),
            (&[2, 2], 0),
            (&[1, 2, 3, 4], 3),
            (&[3, 0, 1], 2),
        ];
        for (number, (pages, failing)) in runs.into_iter().enumerate() {
            recorder.restart();
            let feed = Feed::failing(&format!("row {number}/"), pages, Some(failing));
            let rows = read(answer, &feed).await;
            let errors = rows.iter().filter(|row| row.is_err()).count();
            let what = format!("{} couldn't be fetched", path(failing));
            ensure(errors > 0, || {
                Fault::new("error_swallowed")
                    .happened(format!("{what}, and the stream ended after {} as if they were all", counted(rows.len(), "row")))
                    .expected("the item after the last row is the error: only then can its reader tell a short list from half a list")
                    .next("give the error as an item, `Err(error)`, before the stream ends; with `?` in `try_stream!` or `try_unfold`, that happens by itself")
            })?;
            let first = rows.iter().position(Result::is_err).unwrap_or_default();
            let expected = feed.expected().len();
            ensure(first >= expected, || {
                Fault::new("results_dropped_at_first_error")
                    .happened(format!(
                        "{what}, and only {first} of the {} before it came",
                        counted(expected, "row")
                    ))
                    .expected("the rows of the pages that were fetched come first, then the error")
                    .next("hand on each page's rows before you fetch the next page")
            })?;
            ensure(first + 1 == rows.len(), || {
                Fault::new("continued_after_error")
                    .happened(format!("{what}, the stream gave the error, and then {} more", counted(rows.len() - first - 1, "item")))
                    .expected("after the error, the stream ends: without the page, nobody knows which page is next")
                    .next("after an error, leave no path in the state of your `unfold`; or use `try_unfold` or `?` in `try_stream!`, which end by themselves")
            })?;
            complete(&feed, &rows)?;
        }
        Ok(())
    });
}

fn a_reader_may_stop_waiting_and_ask_again(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        recorder.restart();
        let feed = Feed::new("row ", &[2, 1]);
        let start = Instant::now();
        let mut stream = (answer.pages)(&feed.upstream, "users/1");
        // The first asks without a waker that leads anywhere, and is gone at once.
        let mut row = stream.next().now_or_never();
        while row.is_none() && start.elapsed() < LATENCY * 9 / 10 {
            mark("asked again");
            row = timeout(LATENCY * 3 / 10, stream.next()).await.ok();
        }
        let mut rows = vec![match row {
            Some(row) => row,
            // There's a separate verdict for waiting for ever.
            None => stream.next().await,
        }];
        let came = start.elapsed();
        ensure(came <= LATENCY || feed.dropped() > 0, || {
            Fault::new("pending_without_wakeup")
                .happened(format!("the reader stopped waiting and asked again, some times. The page was there at {}, and nobody woke the reader", Readable(LATENCY)))
                .expected("whoever asks last is woken: each poll may come with another waker")
                .next("poll the call itself in each poll of the stream, which stores the waker; or store it yourself, every time")
        })?;
        ensure(came <= LATENCY && feed.dropped() == 0, || {
            Fault::new("call_dropped_early")
                .happened(format!("the reader stopped waiting and asked again, some times, and the first row came at {}, after {}", Readable(came), counted(feed.calls().len(), "call")))
                .expected(format!("it comes at {}: the call belongs to the stream, and goes on when the reader asks again", Readable(LATENCY)))
                .next("keep the call in the state of the stream until its page is there, however often the stream is polled")
        })?;
        while let Some(row) = stream.next().await {
            rows.push(Some(row));
            if rows.len() > 5 {
                break;
            }
        }
        let rows: Vec<Row> = rows.into_iter().flatten().collect();
        complete(&feed, &rows)
    });
}

fn a_dropped_stream_drops_its_call(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // How many rows are read before the reader leaves in the middle of the next page.
        for rows in [0, 2, 3] {
            recorder.restart();
            let feed = Feed::new("row ", &[2, 1, 2]);
            let mut stream = (answer.pages)(&feed.upstream, "users/1");
            for _ in 0..rows {
                let _row = stream.next().await;
            }
            let gone = timeout(LATENCY / 2, stream.next()).await.is_err();
            mark("dropped");
            drop(stream);
            // Long enough for a call that goes on to be seen in the picture.
            sleep(LATENCY).await;
            let (under_way, at) = (feed.under_way(), Readable(LATENCY / 2));
            ensure(!gone || under_way == 0 && feed.dropped() == 1, || {
                cancelled_call_kept_running(
                    format!("the stream was dropped {at} into a call, and the call went on"),
                    "make the call in the stream itself, and not in a task",
                )
            })?;
        }
        Ok(())
    });
}

fn each_stream_fetches_for_itself(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        recorder.restart();
        let feeds = [Feed::new("one ", &[2, 2]), Feed::new("two ", &[2, 2])];
        for feed in &feeds {
            let rows = read(answer, feed).await;
            let calls = feed.calls().len();
            ensure(calls == feed.rows.len(), || {
                Fault::new("unrequested_cache")
                    .happened(format!(
                        "a second upstream with two pages got {}",
                        counted(calls, "call")
                    ))
                    .expected("each stream fetches its own pages")
                    .next("keep nothing in a `static`: the state of a stream belongs in the stream")
            })?;
            complete(feed, &rows)?;
        }
        let again = read(answer, &feeds[0]).await;
        ensure(
            good(&again).len() == 4 && feeds[0].calls().len() == 4,
            || {
                Fault::new("unrequested_cache")
                    .happened(
                        "a second stream of the same upstream asked for fewer pages than the first",
                    )
                    .expected("each stream fetches its own pages")
                    .next("keep nothing in a `static`: the state of a stream belongs in the stream")
            },
        )
    });
}
