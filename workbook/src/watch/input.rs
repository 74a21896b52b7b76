//! A line that is typed key by key.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What was typed so far, and where the next character goes.
#[derive(Clone, Debug, Default)]
pub(super) struct Input {
    text: String,
    /// In bytes, at the boundary of a character.
    cursor: usize,
}

impl Input {
    /// Takes a key, and returns the whole line if it is Enter. What is no part of a line is ignored.
    pub(super) fn take(&mut self, key: &KeyEvent) -> Option<String> {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter => return Some(std::mem::take(self).text),
            KeyCode::Char('a') if control => self.cursor = 0,
            KeyCode::Char('e') if control => self.cursor = self.text.len(),
            KeyCode::Char('u') if control => self.remove_from(0),
            KeyCode::Char('w') if control => {
                let before = self.before().trim_end();
                self.remove_from(before.rfind(' ').map_or(0, |space| space + 1));
            }
            KeyCode::Char(c) if !control => {
                self.text.insert(self.cursor, c);
                self.cursor += c.len_utf8();
            }
            KeyCode::Backspace => self.remove_from(self.previous()),
            KeyCode::Delete if self.cursor < self.text.len() => {
                self.text.remove(self.cursor);
            }
            KeyCode::Left => self.cursor = self.previous(),
            KeyCode::Right => {
                let next = self.text[self.cursor..].chars().next();
                self.cursor += next.map_or(0, char::len_utf8);
            }
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = self.text.len(),
            _ => {}
        }
        None
    }

    /// What was typed so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What of it stands before the cursor.
    pub(super) fn before(&self) -> &str {
        &self.text[..self.cursor]
    }

    /// Where the character before the cursor begins.
    fn previous(&self) -> usize {
        let last = self.before().char_indices().next_back();
        last.map_or(0, |(start, _)| start)
    }

    /// Removes what stands from here to the cursor.
    fn remove_from(&mut self, start: usize) {
        self.text.drain(start..self.cursor);
        self.cursor = start;
    }
}

impl From<String> for Input {
    /// With the cursor at its end.
    fn from(text: String) -> Self {
        let cursor = text.len();
        Self { text, cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn type_key(line: &mut Input, code: KeyCode) {
        assert_eq!(line.take(&KeyEvent::new(code, KeyModifiers::NONE)), None);
    }

    fn type_control(line: &mut Input, c: char) {
        let key = KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL);
        assert_eq!(line.take(&key), None);
    }

    fn type_text(line: &mut Input, text: &str) {
        for c in text.chars() {
            type_key(line, KeyCode::Char(c));
        }
    }

    #[test]
    fn a_line_is_typed_corrected_and_entered() {
        let mut line = Input::default();
        type_text(&mut line, "0.5 ss");
        type_key(&mut line, KeyCode::Backspace);
        assert_eq!(line.text(), "0.5 s");
        type_control(&mut line, 'w');
        assert_eq!(line.text(), "0.5 ");
        let enter = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);
        let entered = line.take(&enter);
        assert_eq!((entered.as_deref(), line.text()), (Some("0.5 "), ""));
        type_text(&mut line, "x");
        type_control(&mut line, 'u');
        assert_eq!(line.text(), "");
    }

    #[test]
    fn it_is_corrected_in_the_middle() {
        let mut line = Input::default();
        type_text(&mut line, "zwei é s");
        type_key(&mut line, KeyCode::Left);
        type_key(&mut line, KeyCode::Left);
        type_key(&mut line, KeyCode::Backspace);
        assert_eq!((line.before(), line.text()), ("zwei ", "zwei  s"));
        type_key(&mut line, KeyCode::Delete);
        type_key(&mut line, KeyCode::Home);
        type_key(&mut line, KeyCode::Left);
        type_text(&mut line, "é");
        type_key(&mut line, KeyCode::Right);
        assert_eq!((line.before(), line.text()), ("éz", "ézwei s"));
        type_key(&mut line, KeyCode::End);
        type_key(&mut line, KeyCode::Right);
        type_key(&mut line, KeyCode::Delete);
        assert_eq!(line.before(), "ézwei s");
        type_control(&mut line, 'a');
        type_key(&mut line, KeyCode::Backspace);
        type_control(&mut line, 'w');
        assert_eq!((line.before(), line.text()), ("", "ézwei s"));
    }
}
