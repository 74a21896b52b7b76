//! The workbook on a terminal: what happens to it, what it knows, what it shows, and what each event does.

mod actions;
mod grading;
mod keys;
mod show;

use std::ops::ControlFlow;

use crossterm::event::{self, KeyEventKind};

use super::{
    Saves, Start,
    model::Model,
    sources::{Event, Sources},
    view::{Shown, View},
};
use crate::{
    context::Context,
    error::Error,
    exit::Exit,
    progress::Progress,
    report::{self, Unfolded},
    settings::Settings,
    text::{Painter, Text},
};

/// All of it.
pub(super) struct App {
    sources: Sources,
    model: Model,
    view: View,
}

impl App {
    /// Takes the terminal, and begins to grade the current chapter.
    pub(super) fn new(
        context: Context,
        settings: &Settings,
        saves: Saves,
        start: Start,
        painter: Painter,
    ) -> Result<Self, Error> {
        // Listened for before the terminal is taken: a signal in between would leave it taken.
        let sources = Sources::new(&context, saves);
        let first_time = context.progress == Progress::default();
        let mut model = Model::new(context, settings);
        model.grader.cargo.colour = !matches!(painter, Painter::Plain);
        let shown = match start {
            Start::List => Shown::list(model.current),
            Start::Chapter if first_time => Shown::Welcome,
            Start::Chapter => Shown::Chapter,
        };
        let view = View::new(painter, shown).map_err(Error::terminal("take"))?;
        if saves == Saves::ByPolling {
            model.notice =
                Some("the workbook checks the files four times a second, as you asked".into());
        }
        let current = model.current;
        let mut app = Self {
            sources,
            model,
            view,
        };
        app.start_grading(current);
        if start == Start::List {
            app.start_indexing();
        }
        Ok(app)
    }

    /// Takes one event after another, until the learner leaves.
    ///
    /// # Cancel safety
    ///
    /// Dropping this leaves as well.
    pub(super) async fn run(&mut self) -> Result<Exit, Error> {
        loop {
            let content = self.content();
            self.view
                .draw(&content)
                .map_err(Error::terminal("draw on"))?;
            let event = self
                .sources
                .next(&mut self.model.under_way, &mut self.view.shown)
                .await;
            if let ControlFlow::Break(exit) = self.handle(event).await? {
                return Ok(exit);
            }
        }
    }

    /// Gives the terminal back, waits until progress is written, and returns what is left to be said.
    pub(super) async fn finish(self) -> Text {
        let chapter = self.model.chapter();
        let mut last_words = Text::kept(&format!(
            "{} {}: {}. `cargo run` continues from here.",
            chapter.number(),
            chapter.title,
            report::state_text(self.model.statuses())
        ));
        let Self {
            sources,
            model,
            view,
        } = self;
        // What runs ends first, and then the terminal is the shell's again.
        drop(model);
        drop(view);
        if let Some(said) = sources.finish().await {
            last_words.add(Text::kept(&format!("note: {said}")));
        }
        last_words
    }

    async fn handle(&mut self, event: Event) -> Result<ControlFlow<Exit>, Error> {
        match event {
            Event::Terminal(event::Event::Key(key)) if key.kind != KeyEventKind::Release => {
                return self
                    .handle_key(&key)
                    .map_err(Error::terminal("give back or take"));
            }
            Event::Terminal(event::Event::Resize(..)) | Event::Resized => self.view.resized(),
            Event::Terminal(_) | Event::Tick => {}
            Event::TerminalGone | Event::AskedToEnd => {
                return Ok(ControlFlow::Break(Exit::Interrupted));
            }
            Event::Continued => {
                self.view
                    .terminal
                    .resume()
                    .map_err(Error::terminal("take back"))?;
                self.view.resized();
            }
            Event::Saved(saved) => self.saved(&saved),
            Event::NoFileEvents(why) => {
                self.sources.exercises.poll_from_now_on();
                self.model.notice = Some(format!(
                    "{why}; the workbook checks the files four times a second instead"
                ));
            }
            Event::Graded(chapter, graded) => self.take_grade(chapter, graded),
            Event::Lesson(output) => {
                if let Shown::Lesson(lesson) = &mut self.view.shown {
                    lesson.take_output(output);
                }
            }
            Event::Book(opened) => self.take_opened(opened),
            Event::Read(read) => {
                self.take_read(read)
                    .await
                    .map_err(Error::terminal("give back or take"))?;
            }
            Event::Indexed(index) => self.take_index(index),
            Event::Saver(said) => self.model.notice = Some(said),
        }
        Ok(ControlFlow::Continue(()))
    }

    fn show(&mut self, shown: Shown) {
        self.model.notice = None;
        // What was asked for before is no longer wanted.
        self.model.under_way.reading = None;
        self.view.show(shown);
    }

    /// Changes what is remembered: at once here, and soon on the disk.
    fn remember(&mut self, change: impl Fn(&mut Progress) + Send + 'static) {
        self.model.change(&change);
        if !self.sources.saver.save(Box::new(change)) {
            self.model.notice =
                Some("the disk can't keep up: some of your progress is not saved".into());
        }
    }

    /// Goes to a chapter, and grades it.
    fn go_to(&mut self, chapter: usize) {
        self.make_current(chapter);
        self.show(Shown::Chapter);
        self.start_grading(chapter);
    }

    fn make_current(&mut self, chapter: usize) {
        self.model.current = chapter;
        self.model.hints_for = None;
        self.model.unfolded = Unfolded::FirstFault;
        let slug = self.model.chapter().slug.clone();
        self.remember(move |progress| progress.current = Some(slug.clone()));
    }
}
