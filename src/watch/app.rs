//! The state of the workbook on a terminal, and what each event does to it.

use std::{
    collections::HashMap,
    future, io,
    ops::ControlFlow,
    pin::{Pin, pin},
    process::Stdio,
    time::Duration,
};

use crossterm::event::{self, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use futures::StreamExt as _;
use tokio::{
    sync::watch,
    time::{self, Instant, Interval, MissedTickBehavior},
};
use tokio_util::task::AbortOnDropHandle;

use super::{
    Start,
    editor::Editor,
    files::{self, Files},
    lesson::{self, Lesson},
    list::{Chosen, List},
    quiz::Quiz,
    saver::Saver,
    screen::{self, Content, Scroll},
    terminal::{Terminal, broken},
};
use crate::{
    command::{self, Context, Error, Settings},
    course::Chapter,
    exit::Exit,
    grade::{Answer, GradeError, Graded, Grader},
    hint, list as plain_list, page,
    progress::{Progress, ProgressError, Status},
    quiz as questions,
    report::{self, Look, QUIET, STRONG},
    review, solution,
    verdict::{State, Verdict},
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
    /// Progress could not be written.
    NotSaved(ProgressError),
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
    files: Files,
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
    view: View,
    scroll: Scroll,
    /// How many lines of the body did not fit the last time, and how many did.
    hidden: usize,
    height: usize,
    hints_shown: bool,
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
        poll: bool,
        start: Start,
        colour: bool,
    ) -> Result<Self, Error> {
        let (ready, crates_ready) = watch::channel(0);
        let mut grader = settings.grader(&context.course);
        grader.cargo.colour = colour;
        grader.cargo.ready = Some(ready);
        let mut ticks = time::interval(Duration::from_millis(100));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let current = position(&context, context.progress.current(&context.course));
        let first_time = context.progress == Progress::default();
        let course = context.course.clone();
        let mut app = Self {
            grader,
            look: Look::of_terminal(&course),
            terminal: Terminal::take(colour)?,
            keys: EventStream::new(),
            files: Files::watch(&context.course, poll),
            probe: (!poll).then(|| {
                let probe = async move { files::events_come(&course).await };
                AbortOnDropHandle::new(tokio::spawn(probe))
            }),
            asked_to_end: Box::pin(command::asked_to_end()),
            signals: Signals::new(),
            saver: Saver::new(context.store().cloned()),
            ticks,
            crates_ready,
            current,
            graded: HashMap::new(),
            failure: None,
            grading: None,
            view: match start {
                Start::List => View::List(List::at(current)),
                Start::Chapter if first_time => View::Welcome,
                Start::Chapter => View::Chapter,
            },
            scroll: Scroll::From(0),
            hidden: 0,
            height: 1,
            hints_shown: false,
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
            view,
            ..
        } = self;
        drop((grading, view));
        drop(terminal);
        saver.finish().await;
        last_words
    }

    async fn next_event(&mut self) -> Event {
        let busy = self.grading.is_some();
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
            saved = self.files.saved() => Event::Saved(saved),
            (chapter, graded) = finished(&mut self.grading) => Event::Graded(chapter, graded),
            output = lesson_output(&mut self.view) => Event::Lesson(output),
            why = no_events(&mut self.probe) => Event::NoFileEvents(why),
            error = self.saver.refused() => Event::NotSaved(error),
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
                self.files.poll_from_now_on();
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
            Event::NotSaved(error) => self.notice = Some(error.to_string()),
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Whatever is shown, these keys do the same.
    async fn handle_key(&mut self, key: &KeyEvent) -> io::Result<ControlFlow<Exit>> {
        let mut key = *key;
        if key.modifiers.contains(KeyModifiers::ALT) {
            // A terminal sends Alt and a key as Esc and the key: two keys that came at once look the same.
            self.back();
            key.modifiers.remove(KeyModifiers::ALT);
        }
        let key = &key;
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('c') if control => return Ok(ControlFlow::Break(Exit::Interrupted)),
            #[cfg(unix)]
            KeyCode::Char('z') if control => self.suspend()?,
            #[cfg(debug_assertions)]
            KeyCode::F(12) if std::env::var_os("WORKBOOK_PANIC").is_some() => {
                panic!("F12 was pressed, and WORKBOOK_PANIC is set");
            }
            KeyCode::Esc => self.back(),
            KeyCode::PageDown => self.scroll_by(self.page_of_lines()),
            KeyCode::PageUp => self.scroll_by(-self.page_of_lines()),
            _ if self.is_typing() => self.type_key(key),
            KeyCode::Char('x') => return Ok(ControlFlow::Break(Exit::Passed)),
            _ => return self.handle_command(key).await,
        }
        Ok(ControlFlow::Continue(()))
    }

    async fn handle_command(&mut self, key: &KeyEvent) -> io::Result<ControlFlow<Exit>> {
        // The list has keys of its own; what it does not know is for all.
        if let View::List(list) = &mut self.view
            && !matches!(
                key.code,
                KeyCode::Char('l' | '?' | 'e' | 'h' | 'n' | 'q' | 'r' | 'b' | 's' | 'v')
            )
        {
            let chosen = list.take_key(key, &self.context);
            let line = list.line();
            self.keep_in_sight(line);
            if let Chosen::Chapter(slug) = chosen {
                let chapter = self.context.course.chapters();
                let chapter = chapter.iter().find(|chapter| chapter.slug == slug);
                self.go_to(position(&self.context, chapter));
            }
            return Ok(ControlFlow::Continue(()));
        }
        match key.code {
            KeyCode::Down => self.scroll_by(1),
            KeyCode::Up => self.scroll_by(-1),
            KeyCode::Char(' ') => self.scroll_by(self.page_of_lines()),
            KeyCode::Home => self.scroll = Scroll::From(0),
            KeyCode::End => self.scroll = Scroll::End,
            KeyCode::Enter => match &self.view {
                View::Welcome => self.back(),
                View::Lesson(lesson) if lesson.has_ended() => self.back(),
                View::Quiz(quiz) if quiz.has_ended() => self.back(),
                View::Quiz(_) => self.type_key(key),
                View::Page { .. } => self.back(),
                View::Chapter | View::Lesson(_) | View::List(_) => {}
            },
            KeyCode::Char('h') => self.next_hint(),
            KeyCode::Char('r') => self.show(View::Lesson(Box::new(Lesson::ask(self.chapter())))),
            KeyCode::Char('q') => self.ask_questions(),
            KeyCode::Char('v') => self.review(),
            KeyCode::Char('l') => self.show(View::List(List::at(self.current))),
            KeyCode::Char('n') => self.next_chapter(),
            KeyCode::Char('b') => self.open_book(),
            KeyCode::Char('e') => self.edit().await?,
            KeyCode::Char('s') => self.show_solution(),
            KeyCode::Char('?') => self.show(View::Page {
                title: "Keys".into(),
                text: HELP.into(),
            }),
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    fn is_typing(&self) -> bool {
        match &self.view {
            View::Lesson(lesson) => lesson.is_typing(),
            View::Quiz(quiz) => quiz.is_typing(),
            View::List(list) => list.is_typing(),
            View::Welcome | View::Chapter | View::Page { .. } => false,
        }
    }

    /// A key that is part of an answer.
    fn type_key(&mut self, key: &KeyEvent) {
        match &mut self.view {
            View::Lesson(lesson) => {
                self.scroll = Scroll::End;
                if let Some(given) = lesson.take_key(key, &self.context, &self.look) {
                    let slug = self.chapter().slug.clone();
                    self.remember(move |progress| {
                        progress.chapter_mut(&slug).predicted = Some(given.clone());
                    });
                }
            }
            View::Quiz(quiz) => {
                self.scroll = Scroll::End;
                let answered = quiz.take_key(key);
                let ended = quiz
                    .has_ended()
                    .then(|| (quiz.chapter.clone(), quiz.session.clone()));
                if let Some(answered) = answered {
                    self.remember(move |progress| review::remember(progress, &answered));
                    if let Some((Some(chapter), session)) = ended {
                        self.remember(move |progress| {
                            questions::finish(progress, &chapter, &session)
                        });
                    }
                }
            }
            View::List(list) => {
                // In a search, no key chooses.
                list.take_key(key, &self.context);
                let line = list.line();
                self.keep_in_sight(line);
            }
            View::Welcome | View::Chapter | View::Page { .. } => {}
        }
    }

    /// Leaves what is shown for the chapter.
    fn back(&mut self) {
        if let View::List(list) = &mut self.view
            && list.leave_search()
        {
            return;
        }
        self.show(View::Chapter);
    }

    fn show(&mut self, view: View) {
        self.scroll = match view {
            View::Lesson(_) | View::Quiz(_) => Scroll::End,
            _ => Scroll::From(0),
        };
        self.notice = None;
        self.view = view;
    }

    fn scroll_by(&mut self, lines: isize) {
        self.scroll = self.scroll.by(lines, self.hidden);
    }

    fn page_of_lines(&self) -> isize {
        isize::try_from(self.height.saturating_sub(1).max(1)).unwrap_or(1)
    }

    /// Scrolls as little as is needed for a line to be seen.
    fn keep_in_sight(&mut self, line: usize) {
        let Scroll::From(from) = self.scroll.by(0, self.hidden) else {
            return;
        };
        let last = from + self.height.saturating_sub(1);
        if line < from {
            self.scroll = Scroll::From(line.saturating_sub(2));
        } else if line > last {
            self.scroll = Scroll::From(from + line - last);
        }
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
        self.hints_shown = false;
        let slug = self.chapter().slug.clone();
        self.remember(move |progress| progress.current = Some(slug.clone()));
        self.show(View::Chapter);
        self.start_grading(chapter);
    }

    fn next_chapter(&mut self) {
        let slug = &self.chapter().slug;
        match self.context.progress.next(&self.context.course, slug) {
            Some(next) => {
                let next = position(&self.context, Some(next));
                self.go_to(next);
            }
            None => self.notice = Some("every other chapter is passed; `l` lists them".into()),
        }
    }

    /// A save is always graded, whatever is under way: that is dropped, and with it its cargo and its answer.
    fn saved(&mut self, chapters: &[usize]) {
        let chapter = match chapters {
            saved if saved.contains(&self.current) => self.current,
            [.., last] => *last,
            [] => return,
        };
        if chapter != self.current {
            self.current = chapter;
            self.hints_shown = false;
            let slug = self.chapter().slug.clone();
            self.remember(move |progress| progress.current = Some(slug.clone()));
        }
        if !self.is_busy_otherwise() {
            self.show(View::Chapter);
        }
        self.start_grading(chapter);
    }

    /// Whether the learner is in the middle of something that a verdict may not push aside.
    fn is_busy_otherwise(&self) -> bool {
        match &self.view {
            View::Lesson(lesson) => !lesson.has_ended(),
            View::Quiz(quiz) => !quiz.has_ended(),
            View::List(_) | View::Welcome => true,
            View::Chapter | View::Page { .. } => false,
        }
    }

    fn start_grading(&mut self, chapter: usize) {
        self.failure = None;
        // What was under way ends first, so that two cargos never wait for each other.
        self.grading = None;
        let grader = self.grader.clone();
        if let Some(ready) = &grader.cargo.ready {
            ready.send_replace(0);
        }
        let answer = Answer::stub(&self.context.course.chapters()[chapter]);
        let grade = async move {
            let answers = [answer];
            let mut graded = pin!(grader.grade(&answers).await?);
            let first = graded.next().await;
            first.unwrap_or_else(|| Err(GradeError::NotBuilt(answers[0].target.clone())))
        };
        self.grading = Some(Grading {
            chapter,
            since: Instant::now(),
            task: AbortOnDropHandle::new(tokio::spawn(grade)),
        });
        self.ticks.reset();
    }

    fn take_grade(&mut self, chapter: usize, graded: Result<Graded, GradeError>) {
        self.grading = None;
        let graded = match graded {
            Ok(graded) => graded,
            Err(error) => {
                self.failure = Some(error.to_string());
                return;
            }
        };
        if self.is_busy_otherwise() && !matches!(self.view, View::Welcome) {
            let chapter = &self.context.course.chapters()[chapter];
            let passed = graded
                .grades
                .iter()
                .filter(|grade| State::of(&grade.verdict) == State::Passed);
            self.notice = Some(format!(
                "{} is graded: {} of {} passed (Esc shows it)",
                chapter.number(),
                passed.count(),
                graded.grades.len()
            ));
        }
        let slug = self.context.course.chapters()[chapter].slug.clone();
        let found = graded.clone();
        self.remember(move |progress| progress.record(&slug, &found));
        self.graded.insert(chapter, graded);
    }

    fn next_hint(&mut self) {
        let chapter = self.chapter().clone();
        let statuses = self
            .context
            .progress
            .statuses(&self.context.course, &chapter);
        if statuses.iter().all(|status| *status == Status::Passed) {
            self.notice = Some("every task of this chapter is passed".into());
            return;
        }
        let task = hint::open_task(&chapter, &statuses).clone();
        self.remember(move |progress| hint::take(progress, &chapter, &task));
        self.hints_shown = true;
        self.show(View::Chapter);
        self.scroll = Scroll::End;
    }

    fn ask_questions(&mut self) {
        let chapter = self.chapter().clone();
        match questions::questions(&self.context, &chapter) {
            Ok(questions) => self.show(View::Quiz(Box::new(Quiz::new(Some(chapter), questions)))),
            Err(error) => self.notice = Some(error.to_string()),
        }
    }

    fn review(&mut self) {
        match review::due(&self.context, review::now()) {
            Ok(due) if due.is_empty() => {
                self.notice = Some(review::nothing_due(&self.context.progress, review::now()));
            }
            Ok(due) => self.show(View::Quiz(Box::new(Quiz::new(None, due)))),
            Err(error) => self.notice = Some(error.to_string()),
        }
    }

    /// Shows the page of the chapter, from the section on the fault that is shown, if there is one.
    fn open_book(&mut self) {
        let chapter = self.chapter();
        let file = chapter.page();
        let text = match page::read(&self.context.course.root().join(&file)) {
            Ok(text) => page::joined(&text),
            Err(error) => {
                self.notice = Some(format!("cannot read {}: {error}", file.display()));
                return;
            }
        };
        let fault = self.graded.get(&self.current).and_then(|graded| {
            graded.grades.iter().find_map(|grade| match &grade.verdict {
                Verdict::Wrong { fault, .. } => Some(fault.name().to_lowercase()),
                _ => None,
            })
        });
        let is_of_fault = |line: &str| {
            let heading = line
                .strip_prefix('#')
                .map(|line| line.trim_start_matches('#').trim());
            heading.is_some_and(|heading| Some(heading.to_lowercase()) == fault)
        };
        let section = text.lines().position(is_of_fault).map(|section| {
            let (columns, _) = Terminal::size();
            let before = text.lines().take(section);
            PAGE_HEAD
                + before
                    .map(|line| broken(line, columns).len())
                    .sum::<usize>()
        });
        self.show(View::Page {
            title: file.display().to_string(),
            text,
        });
        self.scroll = Scroll::From(section.unwrap_or(0));
    }

    fn show_solution(&mut self) {
        let chapter = self.chapter().clone();
        if !self.context.progress.passed(&chapter) {
            self.notice = Some(format!(
                "the solution is shown once the chapter is passed; `cargo run -- solution {} --anyway` shows it before",
                chapter.number()
            ));
            return;
        }
        match solution::text(&self.context, &chapter) {
            Ok(text) => self.show(View::Page {
                title: chapter.solution().display().to_string(),
                text,
            }),
            Err(error) => self.notice = Some(error.to_string()),
        }
    }

    /// Opens the exercise in the learner's editor, at the line that the first verdict names.
    async fn edit(&mut self) -> io::Result<()> {
        let Some(editor) = Editor::find() else {
            self.notice =
                Some("no editor is known: set VISUAL or EDITOR, or put `code` on your PATH".into());
            return Ok(());
        };
        let file = self.context.course.root().join(self.chapter().stub());
        let line = self.line_of_interest();
        let opened = if editor.in_terminal() {
            self.lend_terminal_to(&editor, &file, line).await?
        } else {
            editor.open_window(&file, line)
        };
        self.notice = Some(match opened {
            Ok(()) => format!(
                "{} was opened in {}",
                self.chapter().stub().display(),
                editor.name()
            ),
            Err(error) => format!(
                "cannot start {}: {error}; `cargo run -- doctor` says how it was found",
                editor.name()
            ),
        });
        Ok(())
    }

    async fn lend_terminal_to(
        &mut self,
        editor: &Editor,
        file: &std::path::Path,
        line: Option<u32>,
    ) -> io::Result<io::Result<()>> {
        self.terminal.pause();
        let mut command = tokio::process::Command::from(editor.command(file, line));
        command
            .stdin(Stdio::inherit())
            .stdout(Stdio::inherit())
            .stderr(Stdio::inherit());
        // Keys are the editor's until it ends: whoever reads them here has to stop first.
        self.keys = EventStream::new();
        let ended = command.status().await;
        self.terminal.resume()?;
        self.keys = EventStream::new();
        Ok(ended.map(drop))
    }

    /// Where the first task that is not passed has its hole, or its panic.
    fn line_of_interest(&self) -> Option<u32> {
        let stub = self
            .chapter()
            .stub()
            .display()
            .to_string()
            .replace('\\', "/");
        let graded = self.graded.get(&self.current)?;
        graded.grades.iter().find_map(|grade| match &grade.verdict {
            Verdict::NotStarted { at, .. } | Verdict::Panicked { at, .. } if at.file == stub => {
                Some(at.line)
            }
            _ => None,
        })
    }

    /// Stops this process as Ctrl-Z does, and takes the terminal again when it goes on.
    #[cfg(unix)]
    fn suspend(&mut self) -> io::Result<()> {
        use rustix::process::{Signal, kill_current_process_group};
        self.terminal.pause();
        kill_current_process_group(Signal::TSTP)?;
        self.terminal.resume()
    }

    fn draw(&mut self) -> io::Result<()> {
        let frame = screen::show(&self.terminal, &self.content(), self.scroll)?;
        self.hidden = frame.hidden;
        self.height = frame.height;
        Ok(())
    }

    fn content(&self) -> Content {
        let (body, input) = match &self.view {
            View::Welcome => (self.welcome(), None),
            View::Chapter => (self.chapter_text(), None),
            View::Page { title, text } => (
                format!(
                    "{STRONG}{title}{STRONG:#}\n\n{}",
                    report::escape_control(text)
                ),
                None,
            ),
            View::Lesson(lesson) => (lesson.text(&self.look), lesson.input()),
            View::Quiz(quiz) => (quiz.text(&self.look), quiz.input()),
            View::List(list) => (list.text(&self.context, &self.look), None),
        };
        Content {
            body,
            input,
            status: self.status(),
            keys: self.keys_shown(),
        }
    }

    fn status(&self) -> String {
        let doing = match (&self.view, &self.grading) {
            (View::Lesson(lesson), _) if !lesson.status().is_empty() => lesson.status().to_owned(),
            (_, Some(grading)) => self.grading_status(grading),
            _ => String::new(),
        };
        let parts = [doing.as_str(), self.notice.as_deref().unwrap_or_default()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("  ")
    }

    fn grading_status(&self, grading: &Grading) -> String {
        let slug = &self.context.course.chapters()[grading.chapter].slug;
        let seconds = grading.since.elapsed().as_secs_f64();
        // What is done in a moment needs no stopwatch.
        if seconds < 0.3 {
            return format!("grading {slug}.rs…");
        }
        let ready = *self.crates_ready.borrow();
        let limit = self.grader.limits.time.as_secs_f64();
        if seconds < 2.0 {
            format!("grading {slug}.rs… {seconds:.1} s")
        } else {
            format!(
                "grading {slug}.rs… {seconds:.1} s ({ready} crates ready; a test is stopped after {limit} s; saving starts anew)"
            )
        }
    }

    fn keys_shown(&self) -> Vec<(&'static str, &'static str)> {
        const BACK: (&str, &str) = ("Esc", "back");
        const QUIT: (&str, &str) = ("x", "quit");
        match &self.view {
            View::Welcome => vec![("Enter", "begin"), ("l", "list"), ("?", "help"), QUIT],
            View::Chapter => {
                let passed = self.context.progress.passed(self.chapter());
                let mut keys = vec![("r", "lesson"), ("q", "quiz"), ("l", "list"), ("n", "next")];
                if passed {
                    keys.push(("s", "solution"));
                } else {
                    keys.insert(0, ("h", "hint"));
                }
                keys.extend([("b", "book"), ("e", "edit"), ("?", "help"), QUIT]);
                keys
            }
            View::Page { .. } => vec![("↑↓", "scroll"), ("Space", "page"), BACK, QUIT],
            View::Lesson(lesson) if lesson.is_typing() => {
                vec![("Enter", "run it"), BACK, ("Ctrl-C", "quit")]
            }
            View::Lesson(lesson) if lesson.has_ended() => {
                vec![("r", "again"), ("↑↓", "scroll"), BACK, QUIT]
            }
            View::Lesson(_) => vec![("Esc", "stop it"), QUIT],
            View::Quiz(quiz) if quiz.is_typing() => {
                vec![("Enter", "answer"), BACK, ("Ctrl-C", "quit")]
            }
            View::Quiz(quiz) if quiz.has_ended() => vec![("q", "again"), BACK, QUIT],
            View::Quiz(_) => vec![("Enter", "next question"), BACK, QUIT],
            View::List(list) if list.is_typing() => {
                vec![("Enter", "done"), ("Esc", "no search"), ("Ctrl-C", "quit")]
            }
            View::List(_) => vec![
                ("↑↓", "move"),
                ("Enter", "go there"),
                ("/", "search"),
                ("f", "filter"),
                BACK,
                QUIT,
            ],
        }
    }

    fn welcome(&self) -> String {
        let chapter = self.chapter();
        let number = chapter.number();
        let words = |text: &str| report::wrapped(text, "", &self.look);
        let mut text = format!("{}\n", report::welcome());
        text += &words(
            "You learn asynchronous Rust here by running it, and by seeing what ran when. A chapter goes in four steps:",
        );
        text += &format!(
            "\n  1  lesson    {STRONG}r{STRONG:#}  say what you expect, run it, and compare\
             \n  2  exercise  {STRONG}e{STRONG:#}  write {} in your editor; every save is graded here\
             \n  3  quiz      {STRONG}q{STRONG:#}  questions; those that you miss come back\
             \n  4  bench        `cargo bench -- {number}` measures what it gains\n\n",
            chapter.stub().display()
        );
        text += &words(
            "On the way, hints (h) help one step at a time, and the book (b) explains. What you write is never overwritten, and your progress is kept in .workbook, in this folder.",
        );
        text.push('\n');
        text += &match (&self.grading, &self.failure) {
            (Some(_), _) => format!(
                "Getting the first exercise ready: {} crates are compiled…\n",
                *self.crates_ready.borrow()
            ),
            (None, Some(failure)) => format!("{}\n", report::escape_control(failure)),
            (None, None) => "The first exercise is ready: press Enter.\n".into(),
        };
        text
    }

    fn chapter_text(&self) -> String {
        let chapter = self.chapter();
        let statuses = self
            .context
            .progress
            .statuses(&self.context.course, chapter);
        let mut text = match self.graded.get(&self.current) {
            Some(graded) => report::graded_text(chapter, graded, &self.look),
            None => report::ungraded_text(chapter, &statuses, &self.look),
        };
        if let Some(failure) = &self.failure {
            text += &format!(
                "\nNothing could be graded: {}\n",
                report::escape_control(failure)
            );
        }
        if self.grading.is_none() && self.context.progress.passed(chapter) {
            let next = match self
                .context
                .progress
                .next(&self.context.course, &chapter.slug)
            {
                Some(next) => format!("n goes on to {} {}", next.number(), next.title),
                None => "every other chapter is passed too".into(),
            };
            let words = format!(
                "The chapter is passed. q asks its questions, s shows the reference solution, `cargo bench -- {}` measures; {next}.",
                chapter.number()
            );
            text += &format!("\n{}", report::wrapped(&words, "", &self.look));
        } else if self.hints_shown {
            let task = hint::open_task(chapter, &statuses);
            let shown = self.context.progress.hints(&chapter.slug, &task.name);
            text += &format!("\n{}", report::hints_text(task, shown, &self.look));
        } else if self.graded.is_empty() {
            text += &format!("\n{QUIET}{}{QUIET:#}\n", plain_list::first_steps(chapter));
        }
        text
    }
}

/// The lines above the text of a page.
const PAGE_HEAD: usize = 2;

const HELP: &str = "\
Save an exercise in your editor, and it is graded. The chapter that you save is the current one.

  h  the next hint for the first task that is not passed
  r  the lesson: say what you expect, run it, and compare
  q  the quiz of the chapter
  v  review: questions that come back because you missed them, or some time ago
  l  the list of chapters, to search, to filter, and to choose from
  n  the next chapter that is not passed
  b  the page of the book; after a wrong answer, its section on that mistake
  e  open the exercise in $VISUAL, $EDITOR, or VS Code
  s  the reference solution, once the chapter is passed
  x  quit; Ctrl-C quits too, also while you type

  ↑ ↓ PageUp PageDown Home End Space  scroll
  Esc  back to the chapter; whatever was shown ends

`cargo run -- --help` lists the commands for scripts. `cargo run -- doctor` looks for what may be amiss.";

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

/// Tells when this process goes on after it was stopped, and when the terminal has another size.
struct Signals {
    #[cfg(unix)]
    continued: Option<tokio::signal::unix::Signal>,
    #[cfg(unix)]
    resized: Option<tokio::signal::unix::Signal>,
}

/// What a signal told. Only Unix has such signals.
#[derive(Debug)]
#[cfg_attr(not(unix), expect(dead_code, reason = "nothing tells of either"))]
enum Signalled {
    Continued,
    Resized,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let continued = SignalKind::from_raw(rustix::process::Signal::CONT.as_raw());
        Self {
            continued: signal(continued).ok(),
            // The stream of keys tells of sizes as well, but not if a key comes at the same moment.
            resized: signal(SignalKind::window_change()).ok(),
        }
    }

    #[cfg(not(unix))]
    fn new() -> Self {
        Self {}
    }

    /// Waits for the next signal.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    #[cfg(unix)]
    async fn next(&mut self) -> Signalled {
        async fn received(signals: &mut Option<tokio::signal::unix::Signal>) {
            if let Some(signals) = signals
                && signals.recv().await.is_some()
            {
                return;
            }
            future::pending().await
        }
        tokio::select! {
            () = received(&mut self.continued) => Signalled::Continued,
            () = received(&mut self.resized) => Signalled::Resized,
        }
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> Signalled {
        future::pending().await
    }
}
