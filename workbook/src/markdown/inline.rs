//! Words within a paragraph, a heading or a cell.

use crate::text::{Role, Span, Token};

/// What was said so far, and what it stands in.
#[derive(Debug, Default)]
pub(super) struct Inline {
    spans: Vec<Span>,
    /// The roles that are open, the innermost last.
    roles: Vec<Role>,
}

impl Inline {
    /// What follows has this role.
    pub(super) fn begin(&mut self, role: Role) {
        self.roles.push(role);
    }

    /// What follows has the role of before.
    pub(super) fn end(&mut self) {
        self.roles.pop();
    }

    /// Adds words.
    pub(super) fn text(&mut self, text: &str) {
        let role = self.roles.last().cloned().unwrap_or_default();
        self.spans.push(Span::new(text, role));
    }

    /// Adds code between words.
    pub(super) fn code(&mut self, text: &str) {
        self.spans.push(Span::new(text, Role::Code(Token::Inline)));
    }

    /// Ends it, and returns what was said.
    pub(super) fn take(&mut self) -> Vec<Span> {
        std::mem::take(&mut self.spans)
    }
}
