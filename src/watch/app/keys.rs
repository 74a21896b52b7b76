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
use crate::{exit::Exit, quiz as questions, review};

impl App {
    /// Whatever is shown, these keys do the same.
    pub(super) async fn handle_key(&mut self, key: &KeyEvent) -> io::Result<ControlFlow<Exit>> {
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
