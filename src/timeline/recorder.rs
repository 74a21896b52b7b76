//! Records spans as they are made, polled and closed.

use std::{
    collections::HashMap,
    fmt::{self, Write as _},
    future::Future,
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{runtime::Handle, time::Instant};
use tracing::{
    Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span::{Attributes, Id, Record},
    subscriber::{DefaultGuard, SetGlobalDefaultError},
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt as _},
    registry::LookupSpan,
};

use super::{End, Moment, Row, Timeline};

/// Records the spans of a program. Clones share one recording.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Recording>>);

#[derive(Debug, Default)]
struct Recording {
    // The first span or the last `restart`, whichever came later, is where time starts to count.
    origin: Option<Instant>,
    latest: Duration,
    rows: Vec<Row>,
    left_out: usize,
    moments: Vec<Moment>,
    live: HashMap<u64, Live>,
    restarts: usize,
    /// What was recorded up to each of the first restarts, as far as it is drawn.
    before: Vec<Timeline>,
}

#[derive(Debug)]
struct Live {
    row: usize,
    entered: Option<Duration>,
    has_outcome: bool,
}

/// Records the calling thread's spans for as long as it lives.
#[must_use = "recording ends when this is dropped"]
pub struct Attached(#[expect(dead_code, reason = "it is kept for its drop")] DefaultGuard);

impl Recorder {
    /// Makes a recorder that records nothing yet: [`attach`](Self::attach), [`install`](Self::install)
    /// or add its [`layer`](Self::layer) to a subscriber of your own.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Records what the calling thread does. A `current_thread` runtime runs all of its tasks there.
    pub fn attach(&self) -> Attached {
        Attached(tracing::subscriber::set_default(self.subscriber()))
    }

    /// Records what every thread of the program does, from now on.
    ///
    /// # Errors
    ///
    /// The program has a global subscriber already.
    pub fn install(&self) -> Result<(), SetGlobalDefaultError> {
        tracing::subscriber::set_global_default(self.subscriber())
    }

    /// The layer to add to a subscriber of your own.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        // Libraries speak below INFO of things that no learner asked for.
        SpanLayer(self.clone()).with_filter(LevelFilter::INFO)
    }

    /// Starts over, awaits `future`, and returns its output with what was recorded meanwhile.
    ///
    /// # Cancel safety
    ///
    /// Dropping this drops `future`, and keeps what was recorded.
    pub async fn watch<F: Future>(&self, future: F) -> (F::Output, Timeline) {
        self.restart();
        let output = future.await;
        // The end of the future is the end of the recording, even if it closed no span.
        self.change(|recording| {
            recording.now();
        });
        (output, self.timeline())
    }

    /// Forgets what was recorded; time counts from now.
    pub fn restart(&self) {
        self.change(|recording| {
            let mut before = mem::take(&mut recording.before);
            if before.len() < MAX_SCENARIOS {
                before.push(recording.timeline().as_drawn());
            }
            *recording = Recording {
                restarts: recording.restarts + 1,
                before,
                ..Recording::default()
            };
            recording.now();
        });
    }

    /// Marks this moment as one that decides: `returned`, say. Only the first few moments are kept.
    pub fn mark(&self, what: &str) {
        self.change(|recording| {
            let now = recording.now();
            recording.mark(now, what);
        });
    }

    /// Marks this moment, unless one that is called the same is marked already.
    pub(crate) fn mark_first(&self, what: &str) {
        self.change(|recording| {
            if recording.moments.iter().all(|moment| moment.what != what) {
                let now = recording.now();
                recording.mark(now, what);
            }
        });
    }

    /// Marks a moment that is known beforehand, such as a deadline: so long from now.
    pub fn mark_in(&self, time: Duration, what: &str) {
        self.change(|recording| {
            let at = recording.now() + time;
            recording.mark(at, what);
        });
    }

    /// Forgets how often it was restarted, too.
    pub(crate) fn begin(&self) {
        self.change(|recording| *recording = Recording::default());
        self.restart();
    }

    /// How often it was restarted since it was made, or since the last [`begin`](Self::begin).
    pub(crate) fn restarts(&self) -> usize {
        self.change(|recording| recording.restarts)
    }

    /// What was recorded up to each restart, and since the last one: the first scenarios of a test that has many.
    pub(crate) fn scenarios(&self) -> Vec<Timeline> {
        let last = self.timeline();
        self.change(|recording| {
            let mut scenarios = recording.before.clone();
            if scenarios.len() == recording.restarts {
                scenarios.push(last);
            }
            scenarios
        })
    }

    /// What was recorded so far.
    #[must_use]
    pub fn timeline(&self) -> Timeline {
        self.change(|recording| {
            if Handle::try_current().is_ok() && !recording.live.is_empty() {
                recording.now();
            }
            recording.timeline()
        })
    }

    fn subscriber(&self) -> impl Subscriber + Send + Sync + use<> {
        tracing_subscriber::registry().with(self.layer())
    }

    // No await happens under this lock. Code under study may panic while a span is open, which must
    // not cost the recording, and no change below can be left half done: poison is ignored.
    fn change<T>(&self, change: impl FnOnce(&mut Recording) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Recording {
    fn timeline(&self) -> Timeline {
        Timeline {
            rows: self.rows.clone(),
            left_out: self.left_out,
            total: self.latest,
            moments: self.moments.clone(),
        }
    }

    /// The time since the origin, which the first call sets.
    fn now(&mut self) -> Duration {
        // Outside a runtime there is no virtual time: whatever is dropped there (after `block_on`,
        // say) ended when the runtime did.
        if Handle::try_current().is_ok() {
            let now = Instant::now();
            let origin = *self.origin.get_or_insert(now);
            self.latest = self.latest.max(now.duration_since(origin));
        }
        self.latest
    }

    fn mark(&mut self, at: Duration, what: &str) {
        let moment = Moment {
            at,
            what: what.to_owned(),
        };
        if self.moments.len() < MAX_MOMENTS && !self.moments.contains(&moment) {
            self.moments.push(moment);
        }
    }
}

/// More moments than this would hide what they mark.
const MAX_MOMENTS: usize = 4;
/// More spans than this are counted, not kept.
const MAX_ROWS: usize = 10_000;
/// Of the polls of a span that took time, no more than this are kept.
const MAX_STRETCHES: usize = 1_000;
/// What was recorded before so many restarts is kept.
const MAX_SCENARIOS: usize = 16;

struct SpanLayer(Recorder);

impl<S> Layer<S> for SpanLayer
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let parent = context
            .span(id)
            .and_then(|span| span.parent())
            .map(|parent| parent.id().into_u64());
        self.0.change(|recording| {
            let created = recording.now();
            // A program that never ends must not take all memory with it.
            if recording.rows.len() >= MAX_ROWS {
                recording.left_out += 1;
                return;
            }
            let depth = parent
                .and_then(|parent| recording.live.get(&parent))
                .map_or(0, |parent| recording.rows[parent.row].depth + 1);
            recording.live.insert(
                id.into_u64(),
                Live {
                    row: recording.rows.len(),
                    entered: None,
                    has_outcome: attributes.metadata().fields().field("outcome").is_some(),
                },
            );
            let end = fields.end().unwrap_or(End::Open);
            recording.rows.push(Row {
                label: fields.label(attributes.metadata().name()),
                depth,
                created,
                started: None,
                ended: None,
                busy: Vec::new(),
                end,
            });
        });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        if let Some(end) = fields.end() {
            self.change_row(id, |_, _, row| row.end = end);
        }
    }

    fn on_enter(&self, id: &Id, _: Context<'_, S>) {
        self.change_row(id, |now, live, row| {
            row.started.get_or_insert(now);
            live.entered = Some(now);
        });
    }

    fn on_exit(&self, id: &Id, _: Context<'_, S>) {
        self.change_row(id, |now, live, row| {
            if let Some(entered) = live.entered.take()
                && entered < now
                && row.busy.len() < MAX_STRETCHES
            {
                row.busy.push((entered, now));
            }
        });
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        self.0.change(|recording| {
            let now = recording.now();
            let Some(live) = recording.live.remove(&id.into_u64()) else {
                return;
            };
            let row = &mut recording.rows[live.row];
            row.ended = Some(now);
            if row.end == End::Open {
                row.end = if live.has_outcome {
                    End::Dropped
                } else {
                    End::Finished
                };
            }
        });
    }
}

impl SpanLayer {
    fn change_row(&self, id: &Id, change: impl FnOnce(Duration, &mut Live, &mut Row)) {
        self.0.change(|recording| {
            let now = recording.now();
            // Spans from before a `restart` have no row any more.
            if let Some(live) = recording.live.get_mut(&id.into_u64()) {
                change(now, live, &mut recording.rows[live.row]);
            }
        });
    }
}

/// The fields of a span, as far as a timeline shows them.
#[derive(Default)]
struct Fields {
    label: Option<String>,
    outcome: Option<String>,
    others: String,
}

impl Fields {
    /// How the span ended, if its outcome is known.
    fn end(&self) -> Option<End> {
        Some(match self.outcome.as_deref()? {
            "failed" => End::Failed,
            "panicked" => End::Panicked,
            "dropped" => End::Dropped,
            _ => End::Finished,
        })
    }

    fn label(self, name: &str) -> String {
        self.label
            .unwrap_or_else(|| format!("{name}{}", self.others))
    }

    fn take(&mut self, field: &Field, value: String) {
        match field.name() {
            "label" => self.label = Some(value),
            "outcome" => self.outcome = Some(value),
            name => {
                write!(self.others, " {name}={value}").expect("a String takes every write");
            }
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field, value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.take(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use tracing::{Instrument as _, info_span};

    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[tokio::test(start_paused = true)]
    async fn a_span_that_waits_before_it_is_polled_shows_both_times() {
        let recorder = Recorder::new();
        let _attached = recorder.attach();
        let ((), timeline) = recorder
            .watch(async {
                let later = tokio::time::sleep(ms(30)).instrument(info_span!("later"));
                tokio::time::sleep(ms(20)).await;
                later.await;
            })
            .await;
        let row = &timeline.rows[0];
        assert_eq!((row.created, row.started), (ms(0), Some(ms(20))));
        // The sleep counts from when it was made, not from when it was first polled.
        assert_eq!((row.ended, timeline.total), (Some(ms(30)), ms(30)));
    }

    #[tokio::test(start_paused = true)]
    async fn spans_within_spans_are_nested_and_keep_their_fields() {
        #[tracing::instrument]
        async fn page(id: u32, kind: &str) {
            async {}.instrument(info_span!("inner")).await;
        }
        let recorder = Recorder::new();
        let _attached = recorder.attach();
        page(7, "user").await;
        let rows = recorder.timeline().rows;
        let shown: Vec<_> = rows
            .iter()
            .map(|row| (row.label.as_str(), row.depth))
            .collect();
        assert_eq!(shown, [("page id=7 kind=user", 0), ("inner", 1)]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_outcome_that_never_came_is_a_drop() {
        let recorder = Recorder::new();
        let _attached = recorder.attach();
        for outcome in [Some("answered"), Some("failed"), Some("panicked"), None] {
            let span = info_span!("call", outcome = tracing::field::Empty);
            if let Some(outcome) = outcome {
                span.record("outcome", outcome);
            }
        }
        drop(info_span!("known from the start", outcome = "failed"));
        let ends: Vec<_> = recorder.timeline().rows.iter().map(|row| row.end).collect();
        assert_eq!(
            ends,
            [
                End::Finished,
                End::Failed,
                End::Panicked,
                End::Dropped,
                End::Failed
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn spans_without_end_are_counted() {
        let recorder = Recorder::new();
        let _attached = recorder.attach();
        for _ in 0..MAX_ROWS + 7 {
            info_span!("again").in_scope(|| ());
        }
        let timeline = recorder.timeline();
        assert_eq!((timeline.rows.len(), timeline.left_out), (MAX_ROWS, 7));
    }

    #[tokio::test(start_paused = true)]
    async fn a_moment_is_kept_with_its_time_until_the_next_start() {
        let recorder = Recorder::new();
        recorder.restart();
        recorder.mark_in(ms(50), "deadline");
        tokio::time::sleep(ms(20)).await;
        recorder.mark("returned");
        recorder.mark("returned");
        let moments: Vec<_> = recorder
            .timeline()
            .moments
            .into_iter()
            .map(|moment| (moment.at, moment.what))
            .collect();
        assert_eq!(
            moments,
            [(ms(50), "deadline".into()), (ms(20), "returned".into())]
        );
        recorder.restart();
        assert!(recorder.timeline().moments.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn libraries_below_info_are_not_drawn() {
        let recorder = Recorder::new();
        let _attached = recorder.attach();
        drop(tracing::debug_span!("noise").entered());
        assert!(recorder.timeline().rows.is_empty());
    }

    #[tokio::test]
    async fn holding_the_thread_is_told_from_waiting() {
        let recorder = Recorder::new();
        let _attached = recorder.attach();
        let waiting = async { tokio::time::sleep(ms(2)).await }.instrument(info_span!("waits"));
        waiting.await;
        info_span!("works").in_scope(|| {
            let start = std::time::Instant::now();
            while start.elapsed() < ms(2) {
                std::hint::spin_loop();
            }
        });
        let busy = |row: &Row| {
            row.busy
                .iter()
                .map(|(from, to)| *to - *from)
                .sum::<Duration>()
        };
        let rows = recorder.timeline().rows;
        assert!(busy(&rows[1]) >= ms(2), "spinning holds the thread");
        let lifetime = rows[0].ended.expect("it ended") - rows[0].created;
        assert!(
            busy(&rows[0]) < lifetime,
            "a waiting future gives the thread back"
        );
    }

    #[test]
    fn what_is_dropped_after_the_runtime_ended_when_the_runtime_did() {
        let recorder = Recorder::new();
        let _attached = recorder.attach();
        let span = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime needs nothing here")
            .block_on(async {
                let span = info_span!("kept");
                tokio::time::sleep(ms(40)).await;
                span.in_scope(|| ());
                span
            });
        drop(span);
        assert_eq!(recorder.timeline().rows[0].ended, Some(ms(40)));
    }
}
