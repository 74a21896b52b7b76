//! The page "What the compiler says": which of its sections is about a message.

use crate::page;

/// The page, from the root of the workbook.
const PAGE: &str = "book/src/messages.md";

/// Its text, as it was when this program was compiled: its headings are the messages' own words.
const TEXT: &str = include_str!("../../book/src/messages.md");

/// A section of the page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Section {
    title: &'static str,
}

impl Section {
    /// The section about what the compiler or a panic says, if there is one.
    #[must_use]
    pub fn about(said: &str) -> Option<Self> {
        let headline = said.lines().find(|line| !line.trim().is_empty())?;
        let headline: Vec<String> = words(headline).collect();
        let mut titles = TEXT.lines().filter_map(|line| line.strip_prefix("### "));
        let title = titles.find(|title| has_in_order(&headline, words(title)))?;
        Some(Self { title })
    }

    /// Where it is, from the root of the workbook.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{PAGE}#{}", page::anchor(self.title))
    }
}

/// Words in small letters, without punctuation and colours.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// Whether all of these words are there in this order, whatever is between them.
fn has_in_order(text: &[String], mut wanted: impl Iterator<Item = String>) -> bool {
    let mut text = text.iter();
    wanted.all(|word| text.any(|other| *other == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(said: &str) -> Option<String> {
        Section::about(said).map(|section| section.path())
    }

    #[test]
    fn a_message_is_found_by_its_own_words() {
        assert_eq!(
            path("error[E0521]: borrowed data escapes outside of function\n --> a.rs:1:1")
                .as_deref(),
            Some("book/src/messages.md#borrowed-data-escapes-outside-of-function")
        );
        assert_eq!(
            path("error[E0728]: `await` is only allowed inside `async` functions and blocks")
                .as_deref(),
            Some("book/src/messages.md#await-is-only-allowed-inside-async-functions-and-blocks")
        );
        assert_eq!(
            path("there is no reactor running, must be called from the context of a Tokio 1.x runtime").as_deref(),
            Some("book/src/messages.md#there-is-no-reactor-running")
        );
        assert_eq!(
            path("error[E0038]: the trait `Client` is not dyn compatible").as_deref(),
            Some("book/src/messages.md#the-trait-is-not-dyn-compatible")
        );
        assert_eq!(path("error[E0308]: mismatched types"), None);
        assert_eq!(path(""), None);
    }
}
