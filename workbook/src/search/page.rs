//! What a page of the book says, piece by piece.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{Index, Kind};
use crate::page::TIMELINE;

/// The section whose own sections are mistakes.
const MISTAKES: &str = "What goes wrong";
/// What begins the first sentence on a mistake.
const SYMPTOM: &str = "Symptom: ";

/// Adds what the page of a chapter says.
pub(super) fn add(index: &mut Index, chapter: usize, page: &str) {
    let mut reader = Reader {
        index,
        chapter,
        text: String::new(),
        is_code: false,
        in_mistakes: false,
        mistake: None,
    };
    for event in Parser::new_ext(page, Options::ENABLE_TABLES) {
        reader.take(event);
    }
}

struct Reader<'a> {
    index: &'a mut Index,
    chapter: usize,
    /// The paragraph, heading, cell or program that is open.
    text: String,
    is_code: bool,
    in_mistakes: bool,
    mistake: Option<String>,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) => self.text.push_str(&text),
            Event::Code(code) => {
                self.index.add(self.chapter, Kind::Code, code.to_string());
                self.text.push_str(&code);
            }
            Event::SoftBreak | Event::HardBreak => self.text.push(' '),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                self.is_code = &*language != TIMELINE;
                self.text.clear();
            }
            Event::End(TagEnd::CodeBlock) => self.program(),
            Event::End(TagEnd::Heading(level)) => self.heading(level),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell) => self.paragraph(),
            _ => {}
        }
    }

    fn heading(&mut self, level: HeadingLevel) {
        let title = std::mem::take(&mut self.text);
        if level <= HeadingLevel::H2 {
            self.in_mistakes = title == MISTAKES;
        }
        self.mistake = None;
        if self.in_mistakes && level == HeadingLevel::H3 {
            self.index.add(self.chapter, Kind::Mistake, title.clone());
            self.mistake = Some(title);
        } else if level == HeadingLevel::H2 && title != MISTAKES {
            self.index.add(self.chapter, Kind::Section, title);
        }
    }

    fn paragraph(&mut self) {
        let text = std::mem::take(&mut self.text);
        for sentence in sentences(&text) {
            match (sentence.strip_prefix(SYMPTOM), &self.mistake) {
                (Some(seen), Some(mistake)) => {
                    let seen = seen.trim_end_matches('.');
                    let text = format!("{seen}: {}", mistake.to_lowercase());
                    self.index.add(self.chapter, Kind::Symptom, text);
                }
                _ => self.index.add(self.chapter, Kind::Sentence, sentence),
            }
        }
    }

    fn program(&mut self) {
        let program = std::mem::take(&mut self.text);
        if !std::mem::take(&mut self.is_code) {
            return;
        }
        for line in program.lines().map(str::trim) {
            if line.chars().any(char::is_alphanumeric) {
                self.index.add(self.chapter, Kind::Line, line);
            }
        }
    }
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let sentences = text.split_inclusive(". ").map(str::trim);
    sentences.filter(|sentence| !sentence.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_by_its_mistakes_and_by_what_they_look_like() {
        let page = "# Title\n\n## Part\n\nOne `thing`. Another.\n\n```rust\nlet a = JoinSet::new();\n```\n\n```timeline\n{\"rows\": []}\n```\n\n## What goes wrong\n\n### Lost and found\n\nSymptom: it is gone. Look for it.\n";
        let mut index = Index::default();
        add(&mut index, 4, page);
        let found = |query: &str| {
            let hits = index.find(query).into_iter();
            let mut hits = hits.map(|hit| (hit.chapter, hit.kind, hit.text));
            hits.next()
        };
        assert_eq!(found("part"), Some((4, Kind::Section, "Part".into())));
        assert_eq!(found("thing"), Some((4, Kind::Code, "thing".into())));
        assert_eq!(
            found("joinset"),
            Some((4, Kind::Line, "let a = JoinSet::new();".into()))
        );
        assert_eq!(
            found("lost_and_found"),
            Some((4, Kind::Mistake, "Lost and found".into()))
        );
        assert_eq!(
            found("gone"),
            Some((4, Kind::Symptom, "it is gone: lost and found".into()))
        );
        assert_eq!(found("rows"), None);
    }
}
