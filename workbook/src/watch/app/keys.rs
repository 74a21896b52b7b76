//! What each key does.

use std::{io, ops::ControlFlow};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{
    super::{
        lesson::Lesson,
        list::{Chosen, List},
        screen::Scroll,
    },
    App, View, position,
};
use crate::{exit::Exit, questions};

impl App {
    /// Whatever is shown, these keys do the same.
    pub(super) async fn handle_key(&mut self, key: &KeyEvent) -> io::Result<ControlFlow<Exit>> {
        let mut key = *key;
        // Windows tells of AltGr as of Ctrl and Alt together.
        let alt_gr = KeyModifiers::CONTROL | KeyModifiers::ALT;
        if cfg!(windows) && key.modifiers.contains(alt_gr) {
            key.modifiers.remove(alt_gr);
        }
        if key.modifiers.contains(KeyModifiers::ALT) {
            if self.is_typing() {
                return Ok(ControlFlow::Continue(()));
            }
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
            KeyCode::Up if self.is_answering() => self.scroll_by(-1),
            KeyCode::Down if self.is_answering() => self.scroll_by(1),
            _ if self.is_typing() => self.type_key(key),
            KeyCode::Char('x') => return Ok(ControlFlow::Break(Exit::Passed)),
            _ => return self.handle_command(key).await,
        }
        Ok(ControlFlow::Continue(()))
    }

    async fn handle_command(&mut self, key: &KeyEvent) -> io::Result<ControlFlow<Exit>> {
        match &self.view {
            // The list has keys of its own. What asks for a chapter asks for the one that is marked.
            View::List(_) => match key.code {
                KeyCode::Char('l' | '?' | 'v') => {}
                KeyCode::Char('e' | 'h' | 'q' | 'r' | 'b' | 'B' | 's') => self.go_to_marked(),
                _ => {
                    self.move_in_list(key);
                    return Ok(ControlFlow::Continue(()));
                }
            },
            // No key may push aside a quiz that is not done, or a lesson that runs; `Esc` does.
            View::Quiz(quiz) if !quiz.has_ended() && is_of_chapter(key) => {
                return Ok(ControlFlow::Continue(()));
            }
            View::Lesson(lesson) if !lesson.has_ended() && is_of_chapter(key) => {
                return Ok(ControlFlow::Continue(()));
            }
            _ => {}
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
            KeyCode::Char('r') => {
                // Its cargo would wait for the book's, without a word.
                self.opening = None;
                self.show(View::Lesson(Box::new(Lesson::ask(self.chapter()))));
            }
            KeyCode::Char('q') => self.ask_questions(),
            KeyCode::Char('v') => self.review(),
            KeyCode::Char('l') => self.show(View::List(List::at(self.current))),
            KeyCode::Char('n') => self.next_chapter(),
            KeyCode::Char('b') => self.open_book(),
            KeyCode::Char('B') => self.read_book(),
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

    /// Does what a key means to the list.
    fn move_in_list(&mut self, key: &KeyEvent) {
        let View::List(list) = &mut self.view else {
            return;
        };
        let chosen = list.take_key(key, &self.context);
        let line = list.line();
        self.keep_in_sight(line);
        if chosen == Chosen::Marked {
            self.go_to_marked();
        }
    }

    /// Makes the chapter that is marked in the list the current one.
    fn go_to_marked(&mut self) {
        let View::List(list) = &self.view else {
            return;
        };
        if let Some(slug) = list.marked(&self.context) {
            let mut chapters = self.context.course.chapters().iter();
            let chapter = chapters.find(|chapter| chapter.slug == slug);
            self.go_to(position(&self.context, chapter));
        }
    }

    /// Whether letters are part of an answer, which stands in no list.
    fn is_answering(&self) -> bool {
        self.is_typing() && !matches!(self.view, View::List(_))
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
                    let slug = lesson.slug().to_owned();
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
                    self.remember(move |progress| questions::remember(progress, &answered));
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

    /// Leaves what is shown for the chapter. A quiz that is not done is kept for the next `q`.
    fn back(&mut self) {
        if let View::List(list) = &mut self.view
            && list.leave_search()
        {
            return;
        }
        if let View::Quiz(quiz) = std::mem::replace(&mut self.view, View::Chapter)
            && !quiz.has_ended()
            && !quiz.session.answered().is_empty()
            && quiz.chapter.is_some()
        {
            self.quiz_aside = Some(quiz);
        }
        self.show(View::Chapter);
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

    /// Stops this process as Ctrl-Z does, and takes the terminal again when it goes on.
    #[cfg(unix)]
    fn suspend(&mut self) -> io::Result<()> {
        use rustix::process::{Signal, kill_current_process_group};
        self.terminal.pause();
        kill_current_process_group(Signal::TSTP)?;
        self.terminal.resume()
    }
}

/// Whether a key asks for something of the chapter, or for another one.
fn is_of_chapter(key: &KeyEvent) -> bool {
    matches!(
        key.code,
        KeyCode::Char('b' | 'B' | 'e' | 'h' | 'l' | 'n' | 'q' | 'r' | 's' | 'v' | '?')
    )
}

const HELP: &str = "\
Save an exercise in your editor, and it is graded. The chapter that you save is the current one.

  h  the next hint for the first task that is not passed
  r  the lesson: say what you expect, run it, and compare
  q  the quiz of the chapter
  v  review: questions that come back because you missed them, or some time ago
  l  the list of chapters, to search, to filter, and to choose from
  n  the next chapter that is not passed
  b  the page of the book in your browser; after a wrong answer, its section on that mistake
  B  the same page here, as it is without a browser
  e  open the exercise in $VISUAL, $EDITOR, or VS Code
  s  the reference solution, once the chapter is passed
  x  quit; Ctrl-C quits too, also while you type

  ↑ ↓ PageUp PageDown Home End Space  scroll
  Esc  back to the chapter; whatever was shown ends

`cargo run -- --help` lists the commands for scripts. `cargo run -- doctor` looks for what may be amiss.";
