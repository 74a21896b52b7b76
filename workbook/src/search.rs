//! Finds chapters by what is in them: tasks, APIs, mistakes, symptoms, and every sentence of their pages.
//!
//! Nothing is kept on the disk: the index is made of the chapters' own files and the pages of the book whenever it is
//! needed, in a moment.

mod page;

use std::fs;

use unicode_width::UnicodeWidthStr as _;

use crate::{
    course::{Chapter, Course},
    misconceptions::Misconceptions,
};

/// What can be found.
#[derive(Clone, Debug, Default)]
pub struct Index {
    entries: Vec<Entry>,
}

/// A chapter that was found, and by what.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Hit {
    /// The position of the chapter in the course.
    pub chapter: usize,
    /// What in it was found.
    pub kind: Kind,
    /// What it says.
    pub text: String,
}

/// What something is that can be found; what a learner most likely means comes first.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// The chapter's name, title or idea.
    Chapter,
    /// A task.
    Task,
    /// The name of a mistake.
    Mistake,
    /// What a mistake looks like.
    Symptom,
    /// Code that is named on the page.
    Code,
    /// A section of the page.
    Section,
    /// What it is called elsewhere, or what an error message says.
    Elsewhere,
    /// A line of a program on the page.
    Line,
    /// A sentence on the page.
    Sentence,
}

#[derive(Clone, Debug)]
struct Entry {
    chapter: usize,
    kind: Kind,
    text: String,
    folded: String,
}

impl Index {
    /// What the chapters' own files say. Nothing is read for it.
    #[must_use]
    pub fn of_chapters(course: &Course) -> Self {
        let mut index = Self::default();
        for (position, chapter) in course.chapters().iter().enumerate() {
            index.add_chapter(position, chapter);
        }
        index
    }

    /// What the chapters and the pages of the book say. A page that cannot be read says nothing.
    #[must_use]
    pub fn read(course: &Course) -> Self {
        let mut index = Self::of_chapters(course);
        for (position, chapter) in course.chapters().iter().enumerate() {
            if let Ok(text) = crate::page::read(&course.root().join(chapter.page())) {
                page::add(&mut index, position, &text);
            }
        }
        let symptoms = course.root().join(SYMPTOMS);
        if let Ok(text) = fs::read_to_string(symptoms) {
            index.add_symptoms(course, &text);
        }
        if let Ok(registry) = Misconceptions::open(course.root()) {
            index.add_registered(&registry);
        }
        index
    }

    /// The chapters that say all words of `query`, the likeliest first, each with the likeliest of what says them. An
    /// empty query finds nothing.
    #[must_use]
    pub fn find(&self, query: &str) -> Vec<Hit> {
        let folded = fold(query);
        let words: Vec<&str> = folded.split_whitespace().collect();
        if words.is_empty() {
            return Vec::new();
        }
        let mut best: Vec<&Entry> = Vec::new();
        let rank = |entry: &Entry| {
            // Words one after the other, as they were typed, before words anywhere.
            let apart = words.len() > 1 && !entry.folded.contains(folded.trim());
            // What says little else is more likely meant.
            (apart, entry.kind, entry.folded.len())
        };
        for entry in &self.entries {
            // The first is faster, and most entries have not even that.
            let says = |word: &&str| entry.folded.contains(*word) && has_word(&entry.folded, word);
            if !words.iter().all(says) {
                continue;
            }
            match best.iter_mut().find(|best| best.chapter == entry.chapter) {
                Some(best) if rank(entry) < rank(best) => *best = entry,
                Some(_) => {}
                None => best.push(entry),
            }
        }
        best.sort_by_key(|entry| {
            let (apart, kind, _) = rank(entry);
            (apart, kind, entry.chapter)
        });
        let hits = best.into_iter().map(|entry| Hit {
            chapter: entry.chapter,
            kind: entry.kind,
            text: entry.text.clone(),
        });
        hits.collect()
    }

    fn add(&mut self, chapter: usize, kind: Kind, text: impl Into<String>) {
        let text = text.into();
        self.entries.push(Entry {
            chapter,
            kind,
            folded: fold(&text),
            text,
        });
    }

    fn add_chapter(&mut self, position: usize, chapter: &Chapter) {
        for text in [&chapter.title, &chapter.idea, &chapter.slug] {
            self.add(position, Kind::Chapter, text);
        }
        for task in &chapter.tasks {
            let text = format!("{}: {}", task.name, task.goal);
            self.add(position, Kind::Task, text);
        }
        for words in &chapter.found_by {
            self.add(position, Kind::Elsewhere, words);
        }
    }

    /// What the registry says of each mistake that a page explains.
    fn add_registered(&mut self, registry: &Misconceptions) {
        let mistakes = self
            .entries
            .iter()
            .filter(|entry| entry.kind == Kind::Mistake);
        let mistakes: Vec<(usize, String)> = mistakes
            .map(|entry| (entry.chapter, entry.text.to_lowercase()))
            .collect();
        for (chapter, mistake) in mistakes {
            let Some(registered) = registry.get(&mistake.replace(' ', "_")) else {
                continue;
            };
            for symptom in &registered.symptoms {
                let seen = symptom.replace('`', "");
                self.add(chapter, Kind::Symptom, format!("{seen}: {mistake}"));
            }
            self.add(chapter, Kind::Sentence, &registered.definition);
        }
    }

    /// Each row of the page of symptoms: what is seen, and links to the mistakes that it may come from.
    fn add_symptoms(&mut self, course: &Course, text: &str) {
        for row in text.lines() {
            let mut cells = row.trim_matches('|').split(" | ");
            let (Some(seen), Some(links)) = (cells.next(), cells.next()) else {
                continue;
            };
            for link in links.split("](").skip(1) {
                let Some((file, anchor)) = link.split_once(".md#") else {
                    continue;
                };
                let mistake = anchor.split(')').next().unwrap_or_default();
                let mut chapters = course.chapters().iter();
                if let Some(chapter) = chapters.position(|chapter| chapter.slug == file) {
                    let seen = seen.trim().replace('`', "");
                    let mistake = mistake.replace('-', " ");
                    self.add(chapter, Kind::Symptom, format!("{seen}: {mistake}"));
                }
            }
        }
    }
}

impl Hit {
    /// What was found and what it says, in so many columns: of what is too long, the part around what was searched for.
    #[must_use]
    pub fn excerpt(&self, query: &str, columns: usize) -> String {
        let name = self.kind.name();
        let room = columns.saturating_sub(name.width() + 2).max(16);
        format!("{name}: {}", around(&self.text, query, room))
    }
}

/// The part of a text around the first word of a query, in so many characters.
fn around(text: &str, query: &str, room: usize) -> String {
    let count = text.chars().count();
    if count <= room {
        return text.to_owned();
    }
    let word = fold(query);
    let word = word.split_whitespace().next().unwrap_or_default();
    // Lower case may have other lengths, but rarely, and then the part is a little off.
    let lower = text.to_lowercase().replace(['_', '-'], " ");
    let at = lower.find(word).map_or(0, |at| lower[..at].chars().count());
    let from = at.saturating_sub(room / 3).min(count - room);
    let part: String = text.chars().skip(from).take(room - 2).collect();
    let before = if from > 0 { "…" } else { "" };
    let after = if from + room < count { "…" } else { "" };
    format!("{before}{}{after}", part.trim())
}

impl Kind {
    /// What it is, in a word or two; nothing, where that goes without saying.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Chapter => "",
            Self::Task => "task",
            Self::Mistake => "mistake",
            Self::Symptom => "symptom",
            Self::Code => "code",
            Self::Section => "section",
            Self::Elsewhere => "also known as",
            Self::Line | Self::Sentence => "page",
        }
    }
}

/// The page that leads from symptoms to mistakes, from the root of the workbook.
const SYMPTOMS: &str = "book/src/misconceptions.md";

/// The text as it is compared: `awaits_in_a_loop`, `Awaits in a loop` and `awaits-in-a-loop` are the same.
fn fold(text: &str) -> String {
    text.to_lowercase()
        .replace(['_', '-'], " ")
        .replace('`', "")
}

/// Whether a word of the text begins with this.
fn has_word(text: &str, begin: &str) -> bool {
    text.match_indices(begin).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let is_boundary = before.is_none_or(|before| !before.is_alphanumeric());
        // Whatever begins with a sign, such as `::new`, may follow a letter.
        is_boundary || !begin.starts_with(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> (Course, Index) {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let course = Course::open(root.as_ref()).expect("read the course");
        let index = Index::read(&course);
        (course, index)
    }

    #[test]
    fn what_a_newcomer_types_leads_to_the_chapter_that_is_meant() {
        let (course, index) = index();
        for (query, slug) in [
            ("gath", "03_gather"),
            ("retry", "05_timeouts"),
            ("hedge", "05_timeouts"),
            ("awaits_in_a_loop", "03_gather"),
            ("asyncio.gather", "03_gather"),
            ("SemaphoreSlim", "06_semaphores"),
            ("deadline has elapsed", "05_timeouts"),
            ("PoolTimedOut", "14_databases"),
            ("ports run out", "12_http_clients"),
            ("no reactor", "02_runtime"),
        ] {
            let hits = index.find(query);
            let first = hits.first().unwrap_or_else(|| panic!("{query}: nothing"));
            assert_eq!(course.chapters()[first.chapter].slug, slug, "{query}");
        }
        let kind = |query: &str| index.find(query).first().map(|hit| hit.kind);
        assert_eq!(kind("fetch_all_parallel"), Some(Kind::Task));
        assert_eq!(kind("Awaits in a loop"), Some(Kind::Mistake));
        assert_eq!(kind("deadline has elapsed"), Some(Kind::Elsewhere));
    }

    #[test]
    fn an_api_is_found_in_each_chapter_that_names_it() {
        let (course, index) = index();
        let found: Vec<_> = index
            .find("JoinSet")
            .into_iter()
            .map(|hit| course.chapters()[hit.chapter].slug.as_str())
            .collect();
        for slug in ["03_gather", "04_errors", "07_background_tasks"] {
            assert!(found.contains(&slug), "{slug}: {found:?}");
        }
        assert!(!index.find("cancel").is_empty());
    }

    #[test]
    fn a_chapter_is_found_once_and_nothing_by_nothing() {
        let (course, index) = index();
        let hits = index.find("the");
        assert!(hits.len() <= course.chapters().len());
        assert_eq!(index.find("  "), []);
        assert_eq!(index.find("no such words anywhere"), []);
    }

    #[test]
    fn a_long_sentence_is_cut_around_what_was_searched_for() {
        let text =
            "All of the joined futures are polled; the one await ends when the last of them does.";
        assert_eq!(around(text, "joined", 200), text);
        let part = around(text, "last", 30);
        assert!(part.contains("last") && part.starts_with('…'), "{part}");
        assert!(part.chars().count() <= 30, "{part}");
        assert_eq!(around(text, "all", 30), "All of the joined futures ar…");
    }

    #[test]
    fn words_are_found_at_their_beginning() {
        assert!(has_word("tokio::time::timeout", "time"));
        assert!(!has_word("sometimes", "time"));
        assert!(has_word("joinset::new", "::new"));
    }
}
