//! The registry of misconceptions against everything that uses its names, both ways.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use proofs::scratch::workbook;
use workbook::{
    course::Course,
    misconceptions::{self, FoundBy, Misconceptions},
};

/// Words in the hidden tests that look like the name of a misconception: the system's, or a processor's.
const OTHER_WORDS: [&str; 2] = ["voluntary_ctxt_switches", "x86_64"];

/// The names of a chapter's misconceptions.
type Names = BTreeSet<String>;

fn registry() -> Misconceptions {
    Misconceptions::open(&workbook()).unwrap_or_else(|error| panic!("{error}"))
}

/// The registered names that `found_by` finds.
fn registered(found_by: FoundBy) -> Names {
    let registry = registry();
    let names = registry.iter().filter(|(_, of)| of.found_by == found_by);
    names.map(|(name, _)| name.to_owned()).collect()
}

/// What `names` gives for each chapter, by slug.
fn by_chapter(names: impl Fn(&str) -> Names) -> BTreeMap<String, Names> {
    let course = Course::open(&workbook()).expect("this is the workbook");
    let slugs = course.chapters().iter().map(|chapter| &chapter.slug);
    slugs.map(|slug| (slug.clone(), names(slug))).collect()
}

/// Every string in a chapter's hidden tests that is written as a misconception is: a fault may get its name from
/// elsewhere than from the line with `Fault::new`.
fn in_hidden_tests(slug: &str) -> Names {
    let mut names = Names::new();
    each_file(
        &workbook().join("exercises/hidden").join(slug),
        &mut |file| {
            if file.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(file).expect("it can be read");
                let strings = text.split('"').filter(|string| is_name(string));
                names.extend(strings.map(str::to_owned));
            }
        },
    );
    names.retain(|name| !OTHER_WORDS.contains(&name.as_str()));
    names
}

fn is_name(text: &str) -> bool {
    text.contains('_')
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn in_wrong_answers(slug: &str) -> Names {
    let mut names = Names::new();
    each_file(
        &workbook().join("solutions/wrong").join(slug),
        &mut |file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            names.extend(name.split('.').next().map(str::to_owned));
        },
    );
    names
}

fn on_page(slug: &str) -> Names {
    let page = workbook().join(format!("book/src/{slug}.md"));
    let page = fs::read_to_string(page).expect("each chapter has a page");
    let headings = misconceptions::sections(&page);
    headings
        .map(|heading| heading.to_lowercase().replace(' ', "_"))
        .collect()
}

fn each_file(folder: &Path, visit: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            each_file(&path, visit);
        } else {
            visit(&path);
        }
    }
}

#[test]
fn every_misconception_of_a_hidden_test_is_registered_and_the_other_way_round() {
    let used: Names = by_chapter(in_hidden_tests)
        .into_values()
        .flatten()
        .collect();
    assert_eq!(used, registered(FoundBy::HiddenTests));
}

#[test]
fn every_misconception_of_a_hidden_test_is_proved_by_a_known_wrong_answer() {
    let proved = by_chapter(in_wrong_answers);
    for (slug, used) in by_chapter(in_hidden_tests) {
        let lacking: Vec<_> = used.difference(&proved[&slug]).collect();
        assert!(
            lacking.is_empty(),
            "solutions/wrong/{slug} lacks {lacking:?}"
        );
    }
    // A chapter may use the detectors of another one, with their names.
    let proved: Names = proved.into_values().flatten().collect();
    assert_eq!(proved, registered(FoundBy::HiddenTests));
}

#[test]
fn every_misconception_has_a_section_in_its_chapter_and_every_section_is_registered() {
    let compiler = registered(FoundBy::Compiler);
    let mut explained = Names::new();
    for (slug, used) in by_chapter(in_hidden_tests) {
        let sections = on_page(&slug);
        let lacking: Vec<_> = used.difference(&sections).collect();
        assert!(lacking.is_empty(), "book/src/{slug}.md lacks {lacking:?}");
        explained.extend(sections);
    }
    let mut registered = registered(FoundBy::HiddenTests);
    registered.extend(compiler);
    assert_eq!(explained, registered);
}
