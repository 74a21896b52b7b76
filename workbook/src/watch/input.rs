//! A line that is typed key by key.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What was typed so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Line(String);

impl Line {
    /// Takes a key, and returns the whole line if it is Enter. What is no part of a line is ignored.
    pub(super) fn take(&mut self, key: &KeyEvent) -> Option<String> {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter => return Some(std::mem::take(&mut self.0)),
            KeyCode::Char('u') if control => self.0.clear(),
            KeyCode::Char('w') if control => {
                let end = self.0.trim_end().rfind(' ').map_or(0, |space| space + 1);
                self.0.truncate(end);
            }
            KeyCode::Char(c) if !control => self.0.push(c),
            KeyCode::Backspace => {
                self.0.pop();
            }
            _ => {}
        }
        None
    }

    /// What was typed so far.
    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &mut Line, code: KeyCode, modifiers: KeyModifiers) -> Option<String> {
        line.take(&KeyEvent::new(code, modifiers))
    }

    #[test]
    fn a_line_is_typed_corrected_and_entered() {
        let mut line = Line::default();
        for c in "0.5 ss".chars() {
            assert_eq!(typed(&mut line, KeyCode::Char(c), KeyModifiers::NONE), None);
        }
        typed(&mut line, KeyCode::Backspace, KeyModifiers::NONE);
        typed(&mut line, KeyCode::Left, KeyModifiers::NONE);
        assert_eq!(line.text(), "0.5 s");
        typed(&mut line, KeyCode::Char('w'), KeyModifiers::CONTROL);
        assert_eq!(line.text(), "0.5 ");
        let entered = typed(&mut line, KeyCode::Enter, KeyModifiers::NONE);
        assert_eq!((entered.as_deref(), line.text()), (Some("0.5 "), ""));
        typed(&mut line, KeyCode::Char('x'), KeyModifiers::NONE);
        typed(&mut line, KeyCode::Char('u'), KeyModifiers::CONTROL);
        assert_eq!(line.text(), "");
    }
}
