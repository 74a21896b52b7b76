//! The state of the workbook on a terminal, and what each event does to it.

mod actions;
mod grading;
mod keys;
mod show;
mod signals;

use std::{collections::HashMap, future, io, ops::ControlFlow, pin::Pin, time::Duration};

use crossterm::event::{self, EventStream, KeyEventKind};
use futures::StreamExt as _;
use tokio::{
    sync::watch,
    time::{self, Instant, Interval, MissedTickBehavior},
};
use tokio_util::task::AbortOnDropHandle;

use self::signals::{Signalled, Signals};
use super::{
    Saves, Start,
    book::Opening,
    lesson::{self, Lesson},
    list::List,
    quiz::Quiz,
    saver::Saver,
    screen::Scroll,
    terminal::Terminal,
};
use crate::{
    context::Context,
    course::Chapter,
    error::Error,
    exit::Exit,
    grade::{GradeError, Graded, Grader, Recompiler},
    interrupt,
    progress::Progress,
    report::{self, Look},
    saves::{self, Exercises},
    settings::Settings,
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
    /// Exercises were saved: the positions of their chapters.
    Saved(Vec<usize>),
    /// The system does not tell of saves.
    NoFileEvents(String),
    /// A chapter was graded.
    Graded(usize, Result<Graded, GradeError>),
    /// The lesson printed a line, or ended.
    Lesson(lesson::Output),
    /// A page of the book is open in the browser, or cannot be.
    Book(Result<(), String>),
    /// There is something to say of how progress was written.
    Saver(String),
    /// Something is under way whose time is shown.
    Tick,
}

/// The state.
pub(super) struct App {
    context: Context,
    grader: Grader,
    look: Look,
    terminal: Terminal,
    keys: EventStream,
    exercises: Exercises,
    probe: Option<AbortOnDropHandle<Result<(), String>>>,
    asked_to_end: Pin<Box<dyn Future<Output = ()> + Send>>,
    signals: Signals,
    saver: Saver,
    ticks: Interval,
    crates_ready: watch::Receiver<usize>,
    /// The position of the chapter that is worked on.
    current: usize,
    /// What was found of each chapter since the start.
    graded: HashMap<usize, Graded>,
    /// Why the current chapter could not be graded, if so.
    failure: Option<String>,
    grading: Option<Grading>,
    /// A page of the book that is on its way to the browser.
    opening: Option<Opening>,
    view: View,
    scroll: Scroll,
    /// How many lines of the body did not fit the last time, and how many did.
    hidden: usize,
    height: usize,
    /// The task whose hints are shown.
    hints_for: Option<String>,
    /// A quiz that was left before its end.
    quiz_aside: Option<Box<Quiz>>,
    notice: Option<String>,
}

/// What is on the screen.
#[derive(Debug)]
enum View {
    /// The first start.
    Welcome,
    /// The current chapter and its verdicts.
    Chapter,
    /// Something to read.
    Page { title: String, text: String },
    /// A lesson.
    Lesson(Box<Lesson>),
    /// A quiz.
    Quiz(Box<Quiz>),
    /// The chapters.
    List(List),
}

/// A chapter that is being graded. Dropping this stops cargo and the answer.
#[derive(Debug)]
struct Grading {
    chapter: usize,
    since: Instant,
    task: AbortOnDropHandle<Result<Graded, GradeError>>,
}

impl App {
    /// Takes the terminal, and begins to grade the current chapter.
    pub(super) fn new(
        context: Context,
        settings: &Settings,
        saves: Saves,
        start: Start,
        colour: bool,
    ) -> Result<Self, Error> {
        let (ready, crates_ready) = watch::channel(0);
        let mut grader = settings.grader(&context.course);
        grader.cargo.colour = colour;
        // One file is saved again and again.
        grader.recompiler = Some(Recompiler::default());
        grader.cargo.ready = Some(ready);
        let mut ticks = time::interval(Duration::from_millis(100));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let current = position(&context, context.progress.current(&context.course));
        let first_time = context.progress == Progress::default();
        let course = context.course.clone();
        let poll = saves == Saves::ByPolling;
        let mut app = Self {
            grader,
            look: Look::of_terminal(&course),
            // Listened for before the terminal is taken: a signal in between would leave it taken.
            asked_to_end: Box::pin(interrupt::asked_to_end()),
            signals: Signals::new(),
            terminal: Terminal::take(colour)?,
            keys: EventStream::new(),
            exercises: Exercises::new(&context.course, poll),
            probe: (!poll).then(|| {
                let probe = async move { saves::events_come(&course).await };
                AbortOnDropHandle::new(tokio::spawn(probe))
            }),
            saver: Saver::new(context.store().cloned()),
            ticks,
            crates_ready,
            current,
            graded: HashMap::new(),
            failure: None,
            grading: None,
            opening: None,
            view: match start {
                Start::List => View::List(List::at(current)),
                Start::Chapter if first_time => View::Welcome,
                Start::Chapter => View::Chapter,
            },
            scroll: Scroll::From(0),
            hidden: 0,
            height: 1,
            hints_for: None,
            quiz_aside: None,
            notice: context.notice().map(str::to_owned),
            context,
        };
        if poll {
            app.notice = Some("the files are looked at four times a second, as you asked".into());
        }
        app.start_grading(current);
        Ok(app)
    }

    /// Takes one event after another, until the learner leaves.
    ///
    /// # Cancel safety
    ///
    /// Dropping this leaves as well.
    pub(super) async fn run(&mut self) -> Result<Exit, Error> {
        loop {
            self.draw()?;
            let event = self.next_event().await;
            if let ControlFlow::Break(exit) = self.handle(event).await? {
                return Ok(exit);
            }
        }
    }

    /// Gives the terminal back, waits until progress is written, and returns what is left to be said.
    pub(super) async fn finish(self) -> String {
        let chapter = self.chapter();
        let statuses = self
            .context
            .progress
            .statuses(&self.context.course, chapter);
        let last_words = format!(
            "{} {}: {}. `cargo run` goes on from here.",
            chapter.number(),
            chapter.title,
            report::state_text(&statuses)
        );
        let Self {
            terminal,
            saver,
            grading,
            opening,
            view,
            ..
        } = self;
        drop((grading, opening, view));
        drop(terminal);
        match saver.finish().await {
            Some(said) => format!("{last_words}\nnote: {said}"),
            None => last_words,
        }
    }

    async fn next_event(&mut self) -> Event {
        let lesson_runs =
            matches!(&self.view, View::Lesson(lesson) if lesson.running_for().is_some());
        let busy = self.grading.is_some() || self.opening.is_some() || lesson_runs;
        tokio::select! {
            // Keys come before all that could keep them waiting.
            biased;
            key = self.keys.next() => match key {
                Some(Ok(event)) => Event::Terminal(event),
                Some(Err(_)) | None => Event::TerminalGone,
            },
            () = &mut self.asked_to_end => Event::AskedToEnd,
            signalled = self.signals.next() => match signalled {
                Signalled::Continued => Event::Continued,
                Signalled::Resized => Event::Resized,
            },
            saved = self.exercises.saved() => Event::Saved(saved),
            (chapter, graded) = finished(&mut self.grading) => Event::Graded(chapter, graded),
            output = lesson_output(&mut self.view) => Event::Lesson(output),
            opened = book_opened(&mut self.opening) => Event::Book(opened),
            why = no_events(&mut self.probe) => Event::NoFileEvents(why),
            said = self.saver.told() => Event::Saver(said),
            _ = self.ticks.tick(), if busy => Event::Tick,
        }
    }

    async fn handle(&mut self, event: Event) -> io::Result<ControlFlow<Exit>> {
        match event {
            Event::Terminal(event::Event::Key(key)) if key.kind != KeyEventKind::Release => {
                return self.handle_key(&key).await;
            }
            Event::Terminal(event::Event::Resize(..)) | Event::Resized => {
                self.look = Look::of_terminal(&self.context.course);
            }
            Event::Terminal(_) | Event::Tick => {}
            Event::TerminalGone | Event::AskedToEnd => {
                return Ok(ControlFlow::Break(Exit::Interrupted));
            }
            Event::Continued => {
                self.terminal.resume()?;
                self.look = Look::of_terminal(&self.context.course);
            }
            Event::Saved(chapters) => self.saved(&chapters),
            Event::NoFileEvents(why) => {
                self.exercises.poll_from_now_on();
                self.notice = Some(format!(
                    "{why}; the files are looked at four times a second instead"
                ));
            }
            Event::Graded(chapter, graded) => self.take_grade(chapter, graded),
            Event::Lesson(output) => {
                if let View::Lesson(lesson) = &mut self.view {
                    lesson.take_output(output);
                }
            }
            Event::Book(opened) => self.take_opened(opened),
            Event::Saver(said) => self.notice = Some(said),
        }
        Ok(ControlFlow::Continue(()))
    }

    fn show(&mut self, view: View) {
        self.scroll = match view {
            View::Lesson(_) | View::Quiz(_) => Scroll::End,
            _ => Scroll::From(0),
        };
        self.notice = None;
        self.view = view;
    }

    fn chapter(&self) -> &Chapter {
        &self.context.course.chapters()[self.current]
    }

    /// Changes what is remembered: at once here, and soon on the disk.
    fn remember(&mut self, change: impl Fn(&mut Progress) + Send + 'static) {
        change(&mut self.context.progress);
        if !self.saver.save(Box::new(change)) {
            self.notice = Some("the disk does not keep up: some progress is not remembered".into());
        }
    }

    /// Goes to a chapter, and grades it.
    fn go_to(&mut self, chapter: usize) {
        self.current = chapter;
        self.hints_for = None;
        let slug = self.chapter().slug.clone();
        self.remember(move |progress| progress.current = Some(slug.clone()));
        self.show(View::Chapter);
        self.start_grading(chapter);
    }
}

/// Where a chapter stands in the course; at its beginning if there is none.
fn position(context: &Context, chapter: Option<&Chapter>) -> usize {
    let slug = chapter.map(|chapter| &chapter.slug);
    let mut chapters = context.course.chapters().iter();
    chapters
        .position(|chapter| Some(&chapter.slug) == slug)
        .unwrap_or(0)
}

/// Waits for what is graded; for ever, if nothing is.
async fn finished(grading: &mut Option<Grading>) -> (usize, Result<Graded, GradeError>) {
    let Some(Grading { chapter, task, .. }) = grading else {
        return future::pending().await;
    };
    match task.await {
        Ok(graded) => (*chapter, graded),
        // It is aborted by dropping it only, and what is dropped is not awaited.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Waits for what comes of the lesson; for ever, if there is none.
async fn lesson_output(view: &mut View) -> lesson::Output {
    match view {
        View::Lesson(lesson) => lesson.output().await,
        _ => future::pending().await,
    }
}

/// Waits until a page of the book is open; for ever, if none is asked for.
async fn book_opened(opening: &mut Option<Opening>) -> Result<(), String> {
    match opening {
        Some(opening) => opening.opened().await,
        None => future::pending().await,
    }
}

/// Waits until it is known that the system does not tell of saves; for ever, if it does.
async fn no_events(probe: &mut Option<AbortOnDropHandle<Result<(), String>>>) -> String {
    if let Some(task) = probe {
        let found = task.await;
        *probe = None;
        match found {
            Ok(Ok(())) => {}
            Ok(Err(why)) => return why,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    future::pending().await
}
