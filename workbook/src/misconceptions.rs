//! The registry of misconceptions: each has one name in all chapters, with what it means and how it shows.
//!
//! They stand in `book/misconceptions.toml`. The hidden tests, the known wrong answers and the pages use their names, and a
//! test of `proofs` holds all of them to one another.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

/// Where they stand.
pub const FILE: &str = "book/misconceptions.toml";

/// The heading of a chapter's page below which each of its misconceptions has a section.
pub const HEADING: &str = "## What goes wrong";

/// All misconceptions, by their names in `snake_case`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(transparent)]
pub struct Misconceptions(BTreeMap<String, Misconception>);

/// What is said of a misconception beside its name.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Misconception {
    /// What the code did, in one sentence.
    pub definition: String,
    /// What somebody who has the problem would search for.
    pub symptoms: Vec<String>,
    /// What finds it.
    #[serde(default)]
    pub found_by: FoundBy,
}

/// What finds a misconception in an answer.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum FoundBy {
    /// A hidden test.
    #[default]
    HiddenTests,
    /// The compiler, so that no hidden test ever runs it.
    Compiler,
}

impl Misconceptions {
    /// Reads the registry of the workbook in the folder `root`.
    ///
    /// # Errors
    ///
    /// The file is missing or broken.
    pub fn open(root: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(root.join(FILE))
            .map_err(|error| io::Error::other(format!("cannot read {FILE}: {error}")))?;
        toml::from_str(&text).map_err(|error| io::Error::other(format!("{FILE}: {error}")))
    }

    /// All of them, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Misconception)> {
        self.0.iter().map(|(name, of)| (name.as_str(), of))
    }

    /// The one with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Misconception> {
        self.0.get(name)
    }
}

/// A misconception as words, as a list shows it: `Awaits in a loop`.
#[must_use]
pub fn title(name: &str) -> String {
    let mut title = name.replace('_', " ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}

/// A Markdown table of all misconceptions: the name, with a link to each chapter that explains it, what the code did,
/// and what is seen of it.
///
/// # Errors
///
/// The registry or a page cannot be read.
pub fn table(root: &Path) -> io::Result<String> {
    let pages = pages(root)?;
    let mut table = String::from("| mistake | what the code did | what you see |\n|---|---|---|\n");
    for (name, misconception) in Misconceptions::open(root)?.iter() {
        let title = title(name);
        let anchor = name.replace('_', "-");
        let explained = pages.iter().filter(|page| page.explains(&title));
        let links: Vec<String> = explained
            .map(|Page { slug, .. }| {
                let number = slug.split('_').next().unwrap_or_default();
                format!("[{number}]({slug}.md#{anchor})")
            })
            .collect();
        writeln!(
            table,
            "| {title} ({}) | {} | {} |",
            links.join(", "),
            cell(&misconception.definition),
            cell(&misconception.symptoms.join("; ")),
        )
        .expect("a String takes every write");
    }
    Ok(table)
}

/// The page of a chapter.
struct Page {
    slug: String,
    text: String,
}

impl Page {
    fn explains(&self, title: &str) -> bool {
        sections(&self.text).any(|section| section == title)
    }
}

/// The pages of the chapters, in order.
fn pages(root: &Path) -> io::Result<Vec<Page>> {
    let folder = root.join("book/src");
    let files = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut files = files.collect::<io::Result<Vec<PathBuf>>>()?;
    files.sort();
    let pages = files.into_iter().filter_map(|file| {
        let slug = file.file_name()?.to_str()?.strip_suffix(".md")?.to_owned();
        let is_chapter = slug.starts_with(|first: char| first.is_ascii_digit());
        is_chapter.then(|| fs::read_to_string(&file).map(|text| Page { slug, text }))
    });
    pages.collect()
}

/// The headings of the sections on misconceptions, on the page of a chapter.
pub fn sections(page: &str) -> impl Iterator<Item = &str> {
    let below = page.lines().skip_while(|line| *line != HEADING).skip(1);
    let below = below.take_while(|line| !line.starts_with("## "));
    below.filter_map(|line| Some(line.strip_prefix("### ")?.trim()))
}

/// What can stand in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn workbook() -> PathBuf {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).to_owned()
    }

    fn registry() -> Misconceptions {
        Misconceptions::open(&workbook()).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn a_name_is_two_to_five_words() {
        for (name, _) in registry().iter() {
            let words: Vec<&str> = name.split('_').collect();
            assert!((2..=5).contains(&words.len()), "{name}");
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            assert!(
                words
                    .iter()
                    .all(|word| !word.is_empty() && word.chars().all(is_plain)),
                "{name}"
            );
        }
    }

    /// `permit_leaked` and `permits_leaked` are one mistake.
    #[test]
    fn no_two_names_differ_in_endings_or_in_the_order_of_their_words_alone() {
        let mut seen = BTreeMap::new();
        for (name, _) in registry().iter() {
            let words = name.split('_').filter(|word| !matches!(*word, "a" | "the"));
            let stems: BTreeSet<&str> = words
                .map(|word| word.trim_end_matches('s').trim_end_matches("ed"))
                .collect();
            if let Some(other) = seen.insert(stems, name.to_owned()) {
                panic!("{other} and {name}: one name for one mistake");
            }
        }
    }

    #[test]
    fn a_definition_is_one_sentence_that_no_other_has() {
        let mut seen = BTreeSet::new();
        for (name, misconception) in registry().iter() {
            let definition = &misconception.definition;
            assert!(definition.starts_with("The "), "{name}: {definition}");
            let is_one = definition.ends_with('.') && !definition.contains(". ");
            assert!(is_one, "{name}: {definition}");
            assert!(definition.chars().count() <= 170, "{name}: {definition}");
            assert!(seen.insert(definition.clone()), "{name}: {definition}");
        }
    }

    #[test]
    fn each_has_symptoms_and_none_twice() {
        for (name, Misconception { symptoms, .. }) in registry().iter() {
            assert!(!symptoms.is_empty(), "{name}");
            let distinct: BTreeSet<&String> = symptoms.iter().collect();
            assert_eq!(distinct.len(), symptoms.len(), "{name}");
            for symptom in symptoms {
                assert!(
                    !symptom.is_empty() && !symptom.ends_with('.'),
                    "{name}: {symptom}"
                );
            }
        }
    }

    #[test]
    fn the_file_is_in_the_order_of_the_names() {
        let text = fs::read_to_string(workbook().join(FILE)).expect("it is there");
        let names = text
            .lines()
            .filter_map(|line| line.strip_prefix('[')?.strip_suffix(']'));
        assert!(names.is_sorted(), "sort {FILE} by name");
    }

    #[test]
    fn the_table_links_a_name_to_every_chapter_that_explains_it() {
        let table = table(&workbook()).unwrap_or_else(|error| panic!("{error}"));
        let row = table
            .lines()
            .find(|line| line.starts_with("| Awaits in a loop "))
            .expect("it is registered");
        for part in [
            "([03](03_gather.md#awaits-in-a-loop), [04](04_errors.md#awaits-in-a-loop)",
            "| The code awaited each call inside the loop",
            "ten calls take ten times as long as one; ",
        ] {
            assert!(row.contains(part), "no {part} in {row}");
        }
        assert_eq!(table.lines().count(), 2 + registry().iter().count());
    }

    #[test]
    fn sections_are_the_third_headings_below_what_goes_wrong() {
        let page = "# P\n### No\n## What goes wrong\ntext\n### One two\nx\n### Three four\n## Else\n### No\n";
        assert!(sections(page).eq(["One two", "Three four"]));
    }
}
