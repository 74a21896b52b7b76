//! Changes to a text, made all at once.

use std::ops::Range;

/// What is to be done to a text whose places are those before any change.
#[derive(Debug, Default)]
pub(crate) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    pub(crate) fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.0.push((range, text.into()));
    }

    pub(crate) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    /// Removes a range of `text` together with the blank lines before it.
    pub(crate) fn remove(&mut self, text: &str, range: Range<usize>) {
        self.replace(text[..range.start].trim_end().len()..range.end, "");
    }

    /// Insertions at the same place keep the order in which they were made.
    pub(crate) fn apply(mut self, text: &str) -> String {
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let mut whole = String::with_capacity(text.len());
        let mut from = 0;
        for (range, new) in self.0 {
            whole.push_str(&text[from..range.start]);
            whole.push_str(&new);
            from = range.end;
        }
        whole.push_str(&text[from..]);
        whole
    }
}
