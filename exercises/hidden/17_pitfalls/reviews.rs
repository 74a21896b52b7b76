//! The hidden tests of `reviews`.

use std::{
    future::{IntoFuture as _, pending},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_workbook::{
    clock::{Hold, Readable},
    harness::{Task, task},
    services::upstream::{Route, Upstream},
    verdict::{Fault, ensure, examine},
};
use axum::{
    Router,
    body::{Body, Bytes},
    routing::get,
};
use futures::stream::{self, StreamExt as _};
use tokio::{
    net::TcpListener,
    time::{advance, sleep},
};
use tokio_util::task::AbortOnDropHandle;

use crate::{
    Answer,
    additions::{Page, all_are_asked_for_at_once, each_request_asks_once},
    town::{Reply, Town, ask_for, expected},
};

/// How long a customer waits, even if an answer changes its own `PATIENCE`.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) const TASK: Task<Answer> = task!(
    reviews: a_slow_catalogue_is_given_up,
    a_page_that_stalls_half_way_is_given_up,
    a_page_that_trickles_in_is_given_up,
    what_comes_in_time_is_passed_on,
    nothing_is_added,
);

/// A request to a service whose catalogue takes ten hours.
async fn slow(answer: &Answer) -> Result<(), Fault> {
    let hours = Duration::from_secs(10 * 60 * 60);
    let mut town = Town::new(answer, Upstream::builder().page("reviews/111", hours)).await;
    let asked = town.get("/reviews/111");
    let called = || town.catalogue.in_flight() > 0 || asked.answered();
    ensure(town.hold.until(called).await, not_asked)?;
    town.hold.release().await;
    let reply = asked.answer().await;
    // From here on, the call doesn't end by itself.
    town.hold = Hold::new();
    given_up(&reply)?;
    let ended = town.hold.until(|| town.catalogue.in_flight() == 0);
    ensure(ended.await, || {
        Fault::new("task_left_running")
            .happened("the customer had the 504, but the call to the catalogue went on, for as long as the catalogue takes")
            .expected("when time runs out, the call ends as well")
            .next("in `reviews`, put the timeout around the call itself, not around a task's handle: dropping the handle doesn't end the task")
    })
}

fn not_asked() -> Fault {
    Fault::new("wrong_time_limit")
        .happened("the handler didn't ask the catalogue as soon as the request came")
        .expected("the call begins at once, and ends 5.0 s later at the latest")
        .next("in `reviews`, put one timeout of `PATIENCE` around the whole call, and await nothing before it")
}

fn given_up(reply: &Reply) -> Result<(), Fault> {
    ensure(reply.status != 200, || {
        Fault::new("timeout_missing")
            .happened(format!(
                "the catalogue took 10 hours to answer, and so did the service: it answered 200 after {}",
                Readable(reply.after)
            ))
            .expected("the answer is a 504 after 5.0 s, however long the catalogue takes")
            .next("in `reviews`, bound the whole call, from `send` to the last byte: a reqwest client has no timeout by default")
    })?;
    ensure(reply.status == 504, || {
        Fault::new("wrong_status_returned")
            .happened(format!(
                "the catalogue didn't answer, and after {} {}",
                Readable(reply.after),
                reply.told()
            ))
            .expected("the answer is a 504, Gateway Timeout, which says that another service was too slow")
            .next("in `reviews`, turn the timeout's error into `StatusCode::GATEWAY_TIMEOUT`, and leave every other error a 502")
    })?;
    ensure(reply.after == PATIENCE, || {
        Fault::new("wrong_time_limit")
            .happened(format!("the 504 came after {}", Readable(reply.after)))
            .expected("it comes 5.0 s after the request: `PATIENCE`")
            .next(
                "in `reviews`, put one timeout of `PATIENCE` around the whole call, and await nothing before it",
            )
    })
}

fn a_slow_catalogue_is_given_up(answer: &Answer) {
    examine(async |_| slow(answer).await);
}

/// A catalogue that answers with status and headers after a while, and then piece by piece.
struct Pieces {
    url: String,
    /// How many requests there were, and for how many pieces.
    begun: Arc<AtomicUsize>,
    asked_for: Arc<AtomicUsize>,
    _server: AbortOnDropHandle<std::io::Result<()>>,
}

impl Pieces {
    /// The first piece comes with the headers. Each further piece takes `pause`, or for ever.
    async fn serve(headers: Duration, pause: Option<Duration>) -> Self {
        let begun = Arc::new(AtomicUsize::new(0));
        let asked_for = Arc::new(AtomicUsize::new(0));
        let counters = (Arc::clone(&begun), Arc::clone(&asked_for));
        let page = async move || {
            let (begun, asked_for) = counters;
            begun.fetch_add(1, Ordering::Relaxed);
            sleep(headers).await;
            let first = stream::iter([Ok::<_, std::io::Error>(Bytes::from("Five st"))]);
            let others = stream::repeat(()).then(move |()| {
                asked_for.fetch_add(1, Ordering::Relaxed);
                async move {
                    match pause {
                        Some(pause) => sleep(pause).await,
                        None => pending().await,
                    }
                    Ok(Bytes::from("ar"))
                }
            });
            Body::from_stream(first.chain(others))
        };
        let catalogue = Router::new().route("/reviews/111", get(page));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("loopback is there");
        let address = listener.local_addr().expect("it is bound");
        let server = tokio::spawn(axum::serve(listener, catalogue).into_future());
        Self {
            url: format!("http://{address}"),
            begun,
            asked_for,
            _server: AbortOnDropHandle::new(server),
        }
    }
}

async fn stalling(answer: &Answer) -> Result<(), Fault> {
    let town = Town::new(answer, Upstream::builder()).await;
    // Status, headers and the first bytes come at once, and then nothing.
    let catalogue = Pieces::serve(Duration::ZERO, None).await;
    let shop = town.shop_with(catalogue.url.clone());
    let asked = ask_for(&shop, "GET", "/reviews/111");
    let called = || catalogue.asked_for.load(Ordering::Relaxed) > 0 || asked.answered();
    ensure(town.hold.until(called).await, not_asked)?;
    // Whatever has been written must be read before the clock goes on.
    town.hold.turns(50).await;
    town.hold.release().await;
    let reply = tokio::time::timeout(2 * PATIENCE, asked.answer()).await;
    ensure(reply.is_ok(), || {
        Fault::new("timeout_on_headers_only")
            .happened("the catalogue sent its headers at once, and then only half of the page: after 10.0 s there was no answer")
            .expected("the answer is a 504 after 5.0 s if the whole page hasn't arrived")
            .next("in `reviews`, read the text inside the timeout as well: `send().await` ends with the headers")
    })?;
    given_up(&reply.expect("it was looked at"))
}

fn a_page_that_stalls_half_way_is_given_up(answer: &Answer) {
    examine(async |_| {
        slow(answer).await?;
        stalling(answer).await
    });
}

/// Neither the headers nor any piece takes five seconds, but together they do.
fn a_page_that_trickles_in_is_given_up(answer: &Answer) {
    const SECOND: Duration = Duration::from_secs(1);
    examine(async |_| {
        slow(answer).await?;
        stalling(answer).await?;
        let town = Town::new(answer, Upstream::builder()).await;
        let catalogue = Pieces::serve(4 * SECOND, Some(SECOND)).await;
        let shop = town.shop_with(catalogue.url.clone());
        let asked = ask_for(&shop, "GET", "/reviews/111");
        let called = || catalogue.begun.load(Ordering::Relaxed) > 0 || asked.answered();
        ensure(town.hold.until(called).await, not_asked)?;
        for _ in 0..PATIENCE.as_secs() {
            town.hold.turns(50).await;
            advance(SECOND).await;
        }
        ensure(town.hold.until(|| asked.answered()).await, || {
            Fault::new("timer_restarted")
                .happened("the headers came after 4.0 s, and then a few bytes each second: after 5.0 s there was no 504")
                .expected("the answer is a 504 after 5.0 s if the whole page hasn't arrived, however it comes")
                .next("in `reviews`, put one timeout around `send` and `text` together: a timeout for each of them, or for each read, starts again every time")
        })?;
        given_up(&asked.answer().await)
    });
}

fn nothing_is_added(answer: &Answer) {
    const PAGE: Page = Page {
        path: "/reviews/111",
        parts: &[("reviews/111", "Five stars")],
        body: "Five stars",
    };
    examine(async |_| {
        slow(answer).await?;
        each_request_asks_once(answer, &PAGE).await?;
        all_are_asked_for_at_once(answer, &PAGE, 30).await
    });
}

fn what_comes_in_time_is_passed_on(answer: &Answer) {
    examine(async |_| {
        let town = Town::new(
            answer,
            Upstream::builder()
                .route(Route::new("reviews/1").body("Five stars"))
                .route(Route::new("reviews/2").fails(503)),
        )
        .await;
        for (path, status, body) in [
            ("/reviews/1", 200, "Five stars"),
            ("/reviews/2", 502, ""),
            ("/reviews/3", 502, ""),
        ] {
            let asked = town.get(path);
            ensure(town.hold.until(|| asked.answered()).await, not_asked)?;
            expected(path, &asked.answer().await, status, body)?;
        }
        Ok(())
    });
}
