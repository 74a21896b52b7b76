//! Where events come from.

use std::{future, panic, pin::Pin, time::Duration};

use crossterm::event::{self, EventStream};
use futures::StreamExt as _;
use tokio::time::{self, Interval, MissedTickBehavior};
use tokio_util::task::AbortOnDropHandle;

use super::{
    Saves, lesson,
    model::UnderWay,
    reading::Read,
    saver::Saver,
    signals::{Signalled, Signals},
    view::Shown,
};
use crate::{
    context::Context,
    grade::{GradeError, Graded},
    interrupt,
    saves::{self, Exercises, Saved},
    search::Index,
};

/// Whatever happens.
#[derive(Debug)]
pub(super) enum Event {
    /// A key.
    Terminal(event::Event),
    /// The terminal has another size.
    Resized,
    /// There is no terminal any more.
    TerminalGone,
    /// The process was stopped, and goes on.
    Continued,
    /// The process is asked to end.
    AskedToEnd,
    /// Exercises were saved.
    Saved(Vec<Saved>),
    /// The system does not tell of saves.
    NoFileEvents(String),
    /// A chapter was graded.
    Graded(usize, Result<Graded, GradeError>),
    /// The lesson printed a line, or ended.
    Lesson(lesson::Output),
    /// A page of the book is open in the browser, or cannot be.
    Book(Result<(), String>),
    /// What a key asked for is read.
    Read(Read),
    /// The pages can be searched.
    Indexed(Index),
    /// There is something to say of how progress was written.
    Saver(String),
    /// Something is under way whose time is shown.
    Tick,
}

/// The sources that are there from the start to the end. What is started in between is an event source
/// too, and is owned by the state that shows it: see [`UnderWay`] and [`Shown`].
pub(super) struct Sources {
    pub(super) exercises: Exercises,
    pub(super) saver: Saver,
    keys: Option<EventStream>,
    asked_to_end: Pin<Box<dyn Future<Output = ()> + Send>>,
    signals: Signals,
    ticks: Interval,
    /// Whether the system tells of saves, until that is known.
    file_events: Option<AbortOnDropHandle<Result<(), String>>>,
}

impl Sources {
    /// Listens to all of them.
    pub(super) fn new(context: &Context, saves: Saves) -> Self {
        let mut ticks = time::interval(Duration::from_millis(100));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let course = context.course.clone();
        Self {
            exercises: Exercises::new(&course, saves == Saves::ByPolling),
            saver: Saver::new(context.store().cloned()),
            keys: Some(EventStream::new()),
            asked_to_end: Box::pin(interrupt::asked_to_end()),
            signals: Signals::new(),
            ticks,
            file_events: (saves == Saves::ByEvents).then(|| {
                let probe = async move { saves::events_come(&course).await };
                AbortOnDropHandle::new(tokio::spawn(probe))
            }),
        }
    }

    /// Waits for the next event, from these sources or from what is under way.
    ///
    /// # Cancel safety
    ///
    /// Nothing that happened is forgotten if this is dropped.
    pub(super) async fn next(&mut self, under_way: &mut UnderWay, shown: &mut Shown) -> Event {
        let busy = under_way.is_busy() || shown.is_running();
        let UnderWay {
            grading,
            opening,
            reading,
            indexing,
        } = under_way;
        tokio::select! {
            // Keys come before all that could keep them waiting.
            biased;
            key = or_never(&mut self.keys, async |keys| keys.next().await) => match key {
                Some(Ok(event)) => Event::Terminal(event),
                Some(Err(_)) | None => Event::TerminalGone,
            },
            () = &mut self.asked_to_end => Event::AskedToEnd,
            signalled = self.signals.next() => match signalled {
                Signalled::Continued => Event::Continued,
                Signalled::Resized => Event::Resized,
            },
            saved = self.exercises.saved() => Event::Saved(saved),
            (chapter, graded) = or_never(grading, async |grading| grading.graded().await) => {
                Event::Graded(chapter, graded)
            }
            output = shown.lesson_output() => Event::Lesson(output),
            opened = or_never(opening, async |opening| opening.opened().await) => Event::Book(opened),
            read = or_never(reading, async |reading| reading.read().await) => Event::Read(read),
            index = or_never(indexing, async |indexing| indexing.read().await) => Event::Indexed(index),
            why = no_file_events(&mut self.file_events) => Event::NoFileEvents(why),
            said = self.saver.told() => Event::Saver(said),
            _ = self.ticks.tick(), if busy => Event::Tick,
        }
    }

    /// Has the next tick come a whole interval from now.
    pub(super) fn restart_ticks(&mut self) {
        self.ticks.reset();
    }

    /// Leaves keys and interrupts to somebody else, until this is called again.
    pub(super) fn listen_anew(&mut self) {
        // The old one first: while it waits for a key, it holds what the new one needs.
        self.keys = None;
        self.keys = Some(EventStream::new());
        self.asked_to_end = Box::pin(interrupt::asked_to_end());
    }

    /// Waits until progress is written, and returns what there is to say of it, if anything.
    pub(super) async fn finish(self) -> Option<String> {
        self.saver.finish().await
    }
}

/// Waits for what comes of something; for ever, if it is not there.
async fn or_never<T, O>(source: &mut Option<T>, wait: impl AsyncFnOnce(&mut T) -> O) -> O {
    match source {
        Some(source) => wait(source).await,
        None => future::pending().await,
    }
}

/// Waits until it is known that the system does not tell of saves; for ever, if it does.
async fn no_file_events(probe: &mut Option<AbortOnDropHandle<Result<(), String>>>) -> String {
    if let Some(task) = probe {
        let found = task.await;
        *probe = None;
        match found {
            Ok(Ok(())) => {}
            Ok(Err(why)) => return why,
            Err(error) => panic::resume_unwind(error.into_panic()),
        }
    }
    future::pending().await
}
