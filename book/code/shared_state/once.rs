//! One caller makes a value, and the others wait for it.

use async_workbook::{
    services::upstream::{Page, Route, Upstream, UpstreamError},
    timeline::Recorder,
};
use futures::future::join_all;
use tokio::{sync::OnceCell, time::timeout};

use crate::{
    call::{ms, timed},
    drawn,
};

// ANCHOR: rates
/// The exchange rates: fetched when somebody first asks for them, and kept.
struct Rates {
    bank: Upstream,
    cell: OnceCell<Page>,
}

impl Rates {
    async fn get(&self) -> Result<&Page, UpstreamError> {
        // One caller runs this, the others wait. An error isn't kept: the next in line runs it again.
        self.cell.get_or_try_init(|| self.bank.get("rates")).await
    }
}
// ANCHOR_END: rates

fn rates(failures: usize) -> Rates {
    let route = Route::new("rates").latency(ms(100));
    let failing = route.clone().fails(503);
    Rates {
        bank: Upstream::builder()
            .route(route.first(failures, failing))
            .build(),
        cell: OnceCell::new(),
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_call_fails_and_the_next_in_line_takes_over() {
    let rates = rates(1);
    let recorder = Recorder::new();
    let _attached = recorder.attach();
    let callers = join_all((0..50).map(|_| timed(rates.get())));
    let (got, timeline) = recorder.watch(callers).await;
    assert_eq!(got.iter().filter(|(got, _)| got.is_err()).count(), 1);
    assert_eq!(got[0].1, ms(100), "the first caller has the error");
    assert!(
        got[1..]
            .iter()
            .all(|(got, took)| got.is_ok() && *took == ms(200))
    );
    assert_eq!(rates.bank.hits(), 2);
    assert_eq!(timed(rates.get()).await.1, ms(0));
    drawn::keep("one_caller_fetches", &[timeline]);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_is_dropped_hands_over() {
    let rates = rates(0);
    let first = timeout(ms(50), rates.get());
    let second = timed(rates.get());
    let (first, (second, took)) = tokio::join!(first, second);
    assert!(first.is_err());
    assert!(second.is_ok());
    assert_eq!((took, rates.bank.hits()), (ms(150), 2));
}
