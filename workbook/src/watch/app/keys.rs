//! What each key does.

use std::{io, ops::ControlFlow};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{
    super::{
        lesson::Lesson, list::Chosen, page::Page, screen::Scroll, terminal::Terminal, view::Shown,
    },
    App,
};
use crate::{exit::Exit, questions, text::Text};

impl App {
    /// Whatever is shown, these keys do the same.
    pub(super) fn handle_key(&mut self, key: &KeyEvent) -> io::Result<ControlFlow<Exit>> {
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
            KeyCode::PageDown => self.view.scroll_by(self.view.page_of_lines()),
            KeyCode::PageUp => self.view.scroll_by(-self.view.page_of_lines()),
            KeyCode::Up if self.is_answering() => self.view.scroll_by(-1),
            KeyCode::Down if self.is_answering() => self.view.scroll_by(1),
            _ if self.is_typing() => self.type_key(key),
            KeyCode::Char('x') => return Ok(ControlFlow::Break(Exit::Passed)),
            _ => self.handle_command(key),
        }
        Ok(ControlFlow::Continue(()))
    }

    fn handle_command(&mut self, key: &KeyEvent) {
        match &self.view.shown {
            // The list has keys of its own. What asks for a chapter asks for the one that is marked.
            Shown::List(_) => match key.code {
                KeyCode::Char('l' | '?' | 'v') => {}
                KeyCode::Char('e' | 'h' | 'q' | 'r' | 'b' | 'B' | 's') => self.go_to_marked(),
                _ => {
                    self.move_in_list(key);
                    return;
                }
            },
            // No key may push aside a quiz that is not done, or a lesson that runs; `Esc` does.
            Shown::Quiz(quiz) if !quiz.has_ended() && is_of_chapter(key) => {
                return;
            }
            Shown::Lesson(lesson) if !lesson.has_ended() && is_of_chapter(key) => {
                return;
            }
            _ => {}
        }
        match key.code {
            KeyCode::Down => self.view.scroll_by(1),
            KeyCode::Up => self.view.scroll_by(-1),
            KeyCode::Char(' ') => self.view.scroll_by(self.view.page_of_lines()),
            KeyCode::Home => self.view.scroll = Scroll::From(0),
            KeyCode::End => self.view.scroll = Scroll::End,
            KeyCode::Enter => self.enter(key),
            KeyCode::Char('h') => self.next_hint(),
            KeyCode::Char('r') => {
                // Its cargo would wait for the book's, without a word.
                self.model.under_way.opening = None;
                let course = &self.model.context.course;
                let lesson = Lesson::ask(course, self.model.chapter());
                self.show(Shown::Lesson(Box::new(lesson)));
            }
            KeyCode::Char('q') => self.ask_questions(),
            KeyCode::Char('v') => self.review(),
            KeyCode::Char('l') => self.list_chapters(),
            KeyCode::Char('n') => self.next_chapter(),
            KeyCode::Char('b') => self.open_book(),
            KeyCode::Char('B') => self.read_book(),
            KeyCode::Char('e') => self.edit(),
            KeyCode::Char('s') => self.show_solution(),
            KeyCode::Char('?') => {
                let keys = Page::of_text("Keys", Text::kept(HELP));
                self.show(Shown::Page(Box::new(keys)));
            }
            KeyCode::Char('o') => {
                if let Shown::Page(page) = &mut self.view.shown {
                    page.turn(&self.view.style);
                }
            }
            KeyCode::Tab if matches!(self.view.shown, Shown::Chapter) => self.unfold(1),
            KeyCode::BackTab if matches!(self.view.shown, Shown::Chapter) => self.unfold(-1),
            _ => {}
        }
    }

    /// Goes on from what has ended, or has been read.
    fn enter(&mut self, key: &KeyEvent) {
        match &self.view.shown {
            Shown::Welcome | Shown::Page(_) => self.back(),
            Shown::Lesson(lesson) if lesson.has_ended() => self.back(),
            Shown::Quiz(quiz) if quiz.has_ended() => self.back(),
            Shown::Quiz(_) => self.type_key(key),
            Shown::Chapter | Shown::Lesson(_) | Shown::List(_) => {}
        }
    }

    /// Does what a key means to the list.
    fn move_in_list(&mut self, key: &KeyEvent) {
        let Shown::List(list) = &mut self.view.shown else {
            return;
        };
        let chosen = list.take_key(key, &self.model);
        self.keep_marked_in_sight();
        if chosen == Chosen::Marked {
            self.go_to_marked();
        }
    }

    /// Scrolls as little as is needed for the chapter that is marked to be seen.
    fn keep_marked_in_sight(&mut self) {
        if let Shown::List(list) = &self.view.shown {
            let (columns, _) = Terminal::size();
            let line = list.line(&self.model, &self.view.style, columns);
            self.view.keep_in_sight(line);
        }
    }

    /// Makes the chapter that is marked in the list the current one.
    fn go_to_marked(&mut self) {
        let Shown::List(list) = &self.view.shown else {
            return;
        };
        if let Some(slug) = list.marked(&self.model) {
            let mut chapters = self.model.context.course.chapters().iter();
            let chapter = chapters.find(|chapter| chapter.slug == slug);
            self.go_to(self.model.position(chapter));
        }
    }

    /// Whether letters are part of an answer, which stands in no list.
    fn is_answering(&self) -> bool {
        self.is_typing() && !matches!(self.view.shown, Shown::List(_))
    }

    fn is_typing(&self) -> bool {
        match &self.view.shown {
            Shown::Lesson(lesson) => lesson.is_typing(),
            Shown::Quiz(quiz) => quiz.is_typing(),
            Shown::List(list) => list.is_typing(),
            Shown::Welcome | Shown::Chapter | Shown::Page(_) => false,
        }
    }

    /// A key that is part of an answer.
    fn type_key(&mut self, key: &KeyEvent) {
        match &mut self.view.shown {
            Shown::Lesson(lesson) => {
                self.view.scroll = Scroll::End;
                if let Some(given) =
                    lesson.take_key(key, &self.model.context, self.view.style.width)
                {
                    let slug = lesson.slug().to_owned();
                    self.remember(move |progress| {
                        progress.chapter_mut(&slug).predicted = Some(given.clone());
                    });
                }
            }
            Shown::Quiz(quiz) => {
                self.view.scroll = Scroll::End;
                let answered = quiz.take_key(key);
                let ended = quiz
                    .has_ended()
                    .then(|| (quiz.chapter.clone(), quiz.session.clone()));
                if let Some(answered) = answered {
                    let now = questions::now();
                    self.remember(move |progress| questions::remember(progress, &answered, now));
                    if let Some((Some(chapter), session)) = ended {
                        self.remember(move |progress| {
                            questions::finish(progress, &chapter, &session)
                        });
                    }
                }
            }
            Shown::List(list) => {
                // In a search, no key chooses.
                list.take_key(key, &self.model);
                self.keep_marked_in_sight();
            }
            Shown::Welcome | Shown::Chapter | Shown::Page(_) => {}
        }
    }

    /// Leaves what is shown for the chapter. A quiz that is not done is kept for the next `q`.
    fn back(&mut self) {
        if let Shown::List(list) = &mut self.view.shown
            && list.leave_search()
        {
            return;
        }
        if let Shown::Quiz(quiz) = std::mem::replace(&mut self.view.shown, Shown::Chapter)
            && !quiz.has_ended()
            && !quiz.session.answered().is_empty()
            && quiz.chapter.is_some()
        {
            self.model.quiz_aside = Some(quiz);
        }
        self.show(Shown::Chapter);
    }

    /// Stops this process as Ctrl-Z does, and takes the terminal again when it goes on.
    #[cfg(unix)]
    fn suspend(&mut self) -> io::Result<()> {
        use rustix::process::{Signal, kill_current_process_group};
        self.view.terminal.pause();
        kill_current_process_group(Signal::TSTP)?;
        self.view.terminal.resume()
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
Save an exercise in your editor, and the workbook grades it. Its chapter becomes the current one.

  h  the next hint for the task that is unfolded, or for the first that you have not passed
  Tab  the next task in full: what was proved, what ran, what your code printed
  r  the lesson: say what you expect, run it, and compare
  q  the quiz of the chapter
  v  review: the questions that are due again, because you missed them or some time has passed
  l  the list of chapters: / searches names, tasks, APIs, mistakes and pages, f filters, digits jump to a chapter
  n  the next chapter that you haven't passed
  b  the page of the book in your browser; after a wrong answer or an error, the section on it
  B  the same page here, in the terminal; o shows its answers
  e  open the exercise at the line that matters, in $VISUAL, $EDITOR, VS Code, vi or nano
  s  the reference solution, once you have passed the chapter
  x  quit; Ctrl-C quits too, also while you type

  ↑ ↓ PageUp PageDown Home End Space  scroll
  Esc  back to the chapter, and stop what is shown

In a timeline, ┄ is a future that was made and not yet polled, ━ one that waits, █ one that holds its thread, ▲ an error,
╳ a future that was dropped halfway, and ┊ the moment that an arrow below or above it names.

`cargo run -- --help` lists the commands for scripts. `cargo run -- doctor` looks for problems.";
