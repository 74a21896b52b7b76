//! Pitfalls that show in the spans of a program, counted by a layer of `tracing`.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures::future::{join_all, pending};
use tokio::{
    sync::{Barrier, Semaphore},
    task::yield_now,
};
use tracing::{
    Event, Id, Instrument as _, Level, Subscriber, info_span, instrument, span::Attributes,
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt as _},
    registry::LookupSpan,
};

// ANCHOR: layer
/// What all spans of one name have come to so far.
#[derive(Clone, Debug, Default, PartialEq)]
struct Calls {
    made: usize,
    open: usize,
    most_open: usize,
    errors: usize,
    longest_poll: Duration,
}

/// Counts the spans of a program by their names: `registry().with(spans.clone()).init()`.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<HashMap<&'static str, Calls>>>);

/// When the poll began that goes on now.
struct Entered(Instant);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, new: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let mut spans = self.lock();
        let calls = spans.entry(new.metadata().name()).or_default();
        calls.made += 1;
        calls.open += 1;
        calls.most_open = calls.most_open.max(calls.open);
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            span.extensions_mut().replace(Entered(Instant::now()));
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(Entered(at)) = span.extensions_mut().remove() {
            let mut spans = self.lock();
            let calls = spans.entry(span.name()).or_default();
            calls.longest_poll = calls.longest_poll.max(at.elapsed());
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if *event.metadata().level() == Level::ERROR
            && let Some(span) = context.event_span(event)
        {
            self.lock().entry(span.name()).or_default().errors += 1;
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        if let Some(span) = context.span(&id) {
            self.lock().entry(span.name()).or_default().open -= 1;
        }
    }
}
// ANCHOR_END: layer

impl Spans {
    fn lock(&self) -> MutexGuard<'_, HashMap<&'static str, Calls>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn named(&self, name: &str) -> Calls {
        self.lock().get(name).cloned().unwrap_or_default()
    }
}

// ANCHOR: instrumented
#[instrument(skip_all, err)]
async fn send_mail(address: &str) -> Result<(), String> {
    Err(format!("the mail server refuses mail to {address}"))
}
// ANCHOR_END: instrumented

/// What the spans of a piece of code come to, on one thread.
fn watch() -> (Spans, tracing::subscriber::DefaultGuard) {
    let spans = Spans::default();
    let subscriber = tracing_subscriber::registry().with(spans.clone());
    (spans, tracing::subscriber::set_default(subscriber))
}

#[tokio::test]
async fn a_future_that_nobody_awaits_makes_no_span() {
    let (spans, _watched) = watch();
    drop(send_mail("ada@example.org"));
    assert_eq!(spans.named("send_mail").made, 0);
    send_mail("ada@example.org").await.ok();
    assert_eq!(spans.named("send_mail").made, 1);
}

#[tokio::test]
async fn calls_in_turn_are_never_open_together() {
    let (spans, _watched) = watch();
    for _ in 0..3 {
        yield_now().instrument(info_span!("in turn")).await;
    }
    let meeting = Barrier::new(3); // Lets nobody go on before all three are there.
    let calls = (0..3).map(|_| meeting.wait().instrument(info_span!("together")));
    join_all(calls).await;
    assert_eq!(spans.named("in turn").most_open, 1);
    assert_eq!(spans.named("together").most_open, 3);
}

#[tokio::test]
async fn a_limit_for_each_request_is_no_limit() {
    let (spans, _watched) = watch();
    let meeting = Barrier::new(12);
    let shelf = async || {
        let limit = Semaphore::new(4);
        let call = async || {
            let _permit = limit.acquire().await.expect("nobody closes it");
            let span = info_span!("titles");
            meeting.wait().instrument(span).await;
        };
        join_all((0..4).map(|_| call())).await;
    };
    join_all((0..3).map(|_| shelf())).await;
    assert_eq!(spans.named("titles").most_open, 12);
}

#[tokio::test]
async fn a_call_that_never_ends_stays_open() {
    let (spans, _watched) = watch();
    let mut calls: Vec<_> = (0..20)
        .map(|_| Box::pin(pending::<()>().instrument(info_span!("rates"))))
        .collect();
    for call in &mut calls {
        assert!(futures::poll!(call).is_pending());
    }
    assert_eq!(spans.named("rates").open, 20);
    drop(calls);
    assert_eq!(spans.named("rates").open, 0);
}

#[tokio::test]
async fn a_call_that_blocks_has_a_long_poll() {
    const LONG: Duration = Duration::from_millis(20);
    let (spans, _watched) = watch();
    async {
        #[expect(clippy::disallowed_methods, reason = "this is what it is about")]
        std::thread::sleep(LONG);
    }
    .instrument(info_span!("blocks"))
    .await;
    assert!(spans.named("blocks").longest_poll >= LONG);
}

#[tokio::test]
async fn a_failure_that_nobody_awaits_is_counted_all_the_same() {
    let (spans, _watched) = watch();
    let task = tokio::spawn(send_mail("nobody@example.org"));
    while !task.is_finished() {
        yield_now().await;
    }
    assert_eq!(spans.named("send_mail").errors, 1);
}
