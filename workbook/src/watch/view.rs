//! What is on the screen, and which part of it is seen.

use std::{future, io};

use async_workbook::timeline::Style;

use super::{
    lesson::{self, Lesson},
    list::List,
    page::Page,
    quiz::Quiz,
    screen::{Content, Scroll},
    terminal::Terminal,
};
use crate::text::Painter;

/// The screen.
pub(super) struct View {
    pub(super) terminal: Terminal,
    /// Width and characters, for what is drawn.
    pub(super) style: Style,
    pub(super) shown: Shown,
    pub(super) scroll: Scroll,
    /// How many lines of the body did not fit the last time, and how many did.
    hidden: usize,
    height: usize,
}

/// What is on the screen.
#[derive(Debug)]
pub(super) enum Shown {
    /// The first start.
    Welcome,
    /// The current chapter and its verdicts.
    Chapter,
    /// Something to read.
    Page(Box<Page>),
    /// A lesson.
    Lesson(Box<Lesson>),
    /// A quiz.
    Quiz(Box<Quiz>),
    /// The chapters.
    List(List),
}

impl View {
    /// Takes the terminal.
    pub(super) fn new(painter: Painter, shown: Shown) -> io::Result<Self> {
        Ok(Self {
            terminal: Terminal::take(painter)?,
            style: Style::detect(),
            shown,
            scroll: Scroll::From(0),
            hidden: 0,
            height: 1,
        })
    }

    /// Lays the content out in the terminal as it is now, and draws it.
    pub(super) fn draw(&mut self, content: &Content) -> io::Result<()> {
        let (columns, rows) = Terminal::size();
        let frame = content.frame(self.scroll, columns, rows);
        self.terminal.draw(&frame.lines, frame.cursor)?;
        self.hidden = frame.hidden;
        self.height = frame.height;
        Ok(())
    }

    /// Shows something from its beginning, or from its end where that is what is new.
    pub(super) fn show(&mut self, shown: Shown) {
        self.scroll = match shown {
            Shown::Lesson(_) | Shown::Quiz(_) => Scroll::End,
            _ => Scroll::From(0),
        };
        self.shown = shown;
    }

    /// The terminal may have another size.
    pub(super) fn resized(&mut self) {
        self.style = Style::detect();
        if let Shown::Page(page) = &mut self.shown {
            page.lay_out(&self.style);
        }
    }

    pub(super) fn scroll_by(&mut self, lines: isize) {
        self.scroll = self.scroll.by(lines, self.hidden);
    }

    /// The lines that a page down moves by.
    pub(super) fn page_of_lines(&self) -> isize {
        isize::try_from(self.height.saturating_sub(1).max(1)).unwrap_or(1)
    }

    /// Scrolls as little as is needed for a line to be seen.
    pub(super) fn keep_in_sight(&mut self, line: usize) {
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
}

impl Shown {
    /// The list, at a chapter.
    pub(super) fn list(position: usize) -> Self {
        Self::List(List::at(position))
    }

    /// Whether a lesson runs.
    pub(super) fn is_running(&self) -> bool {
        matches!(self, Self::Lesson(lesson) if lesson.running_for().is_some())
    }

    /// Waits for what comes of the lesson; for ever, if there is none.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    pub(super) async fn lesson_output(&mut self) -> lesson::Output {
        match self {
            Self::Lesson(lesson) => lesson.output().await,
            _ => future::pending().await,
        }
    }
}
