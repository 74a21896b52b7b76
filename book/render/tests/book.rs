//! What the real book holds, and what the directives of a page become.

use std::{collections::BTreeMap, fs, path::Path};

use ::quiz::Quiz;
use mdbook_driver::MDBook;
use mdbook_preprocessor::{Preprocessor as _, PreprocessorContext};
use quick_xml::{Reader, events::Event};
use workbook::{course::Course, page};

use super::fixture::{Fixture, workbook};
use crate::{
    links,
    preprocess::{self, Directives},
    render::{file_of, render},
};

/// The files of the real book, rendered to a folder of its own.
fn real_book() -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().expect("the system has a temporary folder");
    let rendered =
        render(workbook(), Some(folder.path())).unwrap_or_else(|error| panic!("{error:#}"));
    let files = links::files(rendered.folder()).expect("it was just written");
    let read = |file: &Path| fs::read(rendered.folder().join(file)).expect("it was just written");
    files
        .iter()
        .map(|file| (file.to_string_lossy().into_owned(), read(file)))
        .collect()
}

#[test]
fn the_book_renders_to_the_same_bytes_each_time() {
    let (first, second) = (real_book(), real_book());
    assert_eq!(
        first.keys().collect::<Vec<_>>(),
        second.keys().collect::<Vec<_>>()
    );
    for (name, bytes) in &first {
        assert!(bytes == &second[name], "{name} differs");
    }
}

#[test]
fn a_page_is_opened_by_its_name_and_its_section() {
    let folder = tempfile::tempdir().expect("the system has a temporary folder");
    let rendered =
        render(workbook(), Some(folder.path())).unwrap_or_else(|error| panic!("{error:#}"));
    for (page, end) in [
        ("", "/index.html"),
        ("03_gather", "/03_gather.html"),
        ("03_gather.html", "/03_gather.html"),
        (
            "03_gather#awaits-in-a-loop",
            "/03_gather.html#awaits-in-a-loop",
        ),
    ] {
        let url = rendered.url_of(page).expect("it is there").to_string();
        assert!(url.starts_with("file:///") && url.ends_with(end), "{url}");
        assert!(end.ends_with(&file_of(page)), "{page}");
    }
    let error = rendered.url_of("33_gather").expect_err("it is not there");
    assert!(error.to_string().contains("no page 33_gather"), "{error}");

    // The workbook opens the page on messages where a message is explained, and knows its headings alone.
    let source = fs::read_to_string(workbook().join("book/src/messages.md")).expect("it is there");
    let html = fs::read_to_string(rendered.folder().join("messages.html")).expect("it is there");
    for title in source.lines().filter_map(|line| line.strip_prefix("### ")) {
        let id = format!("id=\"{}\"", page::anchor(title));
        assert!(html.contains(&id), "no {id} for {title}");
    }
}

#[test]
fn every_chapter_has_its_page_and_its_place() {
    let course = Course::open(workbook()).expect("this is the workbook");
    let book = real_book();
    let summary = fs::read_to_string(workbook().join("book/src/SUMMARY.md")).expect("it has one");
    for chapter in course.chapters() {
        let slug = &chapter.slug;
        assert!(book.contains_key(&format!("{slug}.html")), "{slug}");
        let line = format!("[{} {}]({slug}.md)", chapter.number(), chapter.title);
        assert!(summary.contains(&line), "SUMMARY.md has no {line}");
    }
}

#[test]
fn search_finds_the_text_and_no_answers() {
    let book = real_book();
    let (_, index) = book
        .iter()
        .find(|(name, _)| name.starts_with("searchindex"))
        .expect("search is on");
    let text = String::from_utf8_lossy(index);
    let (_, json) = text.split_once("JSON.parse('").expect("it is a script");
    let (json, _) = json.rsplit_once("')").expect("the call ends");
    let json = json.replace("\\'", "'").replace("\\\\", "\\");
    let index: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let pages = index["index"]["documentStore"]["docs"].as_object();
    let pages = pages.expect("the index keeps the text").values();
    let found = pages
        .map(|page| format!("{}\n", page["body"]))
        .collect::<String>();
    assert!(found.contains("Any number of waits can pass at the same time"));

    let course = Course::open(workbook()).expect("this is the workbook");
    for chapter in course.chapters() {
        let quiz = Quiz::read(&workbook().join(chapter.quiz())).expect("it has a quiz");
        for question in quiz.questions {
            // In the page, what is between backticks is an element of its own.
            let parts = question.context.split('`').map(str::trim);
            let told = parts.max_by_key(|part| part.len()).unwrap_or_default();
            assert!(told.len() > 10, "{}: {told}", question.id);
            assert!(
                !found.contains(told),
                "{}: search finds `{told}`",
                question.id
            );
        }
    }
}

#[test]
fn mdbook_itself_is_given_the_same_pages() {
    let root = workbook().join("book");
    let book = MDBook::load(&root).expect("the book can be read");
    let context = PreprocessorContext::new(root, book.config.clone(), "html".into());
    let question = serde_json::to_vec(&(&context, &book.book)).expect("it is plain data");
    let mut answer = Vec::new();
    preprocess::answer(question.as_slice(), &mut answer).expect("the book is good");
    let here = Directives
        .run(&context, book.book)
        .expect("the book is good");
    let there: mdbook_driver::book::Book = serde_json::from_slice(&answer).expect("it is a book");
    assert_eq!(there, here);
}

#[test]
fn every_timeline_of_every_lesson_is_well_formed() {
    let course = Course::open(workbook()).expect("this is the workbook");
    let mut count = 0;
    for slug in course.chapters().iter().map(|chapter| &chapter.slug) {
        for number in 1.. {
            let Ok((timeline, axis)) = page::timeline(workbook(), &format!("{slug} {number}"))
            else {
                break;
            };
            let html = crate::figure::html(&timeline, axis, "id");
            let mut reader = Reader::from_str(&html);
            loop {
                match reader.read_event() {
                    Ok(Event::Eof) => break,
                    Ok(_) => {}
                    Err(error) => panic!("{slug} {number}: {error}\n{html}"),
                }
            }
            count += 1;
        }
    }
    assert!(count > 10, "only {count} timelines were found");
}

#[test]
fn a_timeline_is_a_picture_and_a_text() {
    let fixture = Fixture::new("{{#timeline 03_gather 2}}\n\n{{#timeline 03_gather 1}}\n");
    let snapshot = workbook().join("tests/snapshots/timelines__03_gather.snap");
    let snapshot = fs::read_to_string(snapshot).expect("the lesson draws timelines");
    fixture.write("tests/snapshots/timelines__03_gather.snap", &snapshot);
    let page = fixture.rendered();
    for part in [
        "<title id=\"page-timeline-1-title\">Timeline of 0.5 s: users, posts, comments</title>",
        "posts: from 0 ms to 0.3 s.",
        "<title id=\"page-timeline-2-title\">Timeline of 1.0 s: users, posts, comments</title>",
        "posts     ━━━━━━━━━━━━━━━━━━             0.3 s\n",
    ] {
        assert!(page.contains(part), "no {part} in\n{page}");
    }
}

#[test]
fn a_picture_is_put_into_the_page_without_its_blank_lines() {
    let fixture = Fixture::new("before\n\n{{#svg ../a.svg}}\n\nafter\n");
    let svg = "<?xml version=\"1.0\"?>\n<svg role=\"img\">\n\n<title>A line</title>\n\n<g>\n\n<path d=\"M0 0\"/></g></svg>\n";
    fixture.write("book/a.svg", svg);
    let page = fixture.rendered();
    assert!(
        page.contains("<title>A line</title>\n<g>\n<path d=\"M0 0\" /></g></svg>"),
        "{page}"
    );
    assert!(!page.contains("&lt;"), "{page}");
}

/// What a reader of the workbook does not have: texts that it quotes, and introduces on one page.
const TEXTS: [&str; 6] = [
    "source document",
    "Async in Python*",
    "*Day 53",
    "*Asynchronous Programming in FastAPI",
    "Best Practices*",
    "*Chapter 5",
];

/// The pages of the book, by their file names.
fn pages() -> BTreeMap<String, String> {
    let folder = workbook().join("book/src");
    let entries = fs::read_dir(folder).expect("the book has pages");
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let file = entry.expect("the folder can be read").path();
        let name = file.file_name().expect("it is a file").to_string_lossy();
        let text = fs::read_to_string(&file).expect("pages are text");
        (name.into_owned(), text)
    };
    entries.map(read).collect()
}

#[test]
fn one_page_alone_speaks_of_texts_that_a_reader_does_not_have() {
    for (name, page) in pages() {
        for text in TEXTS {
            let said = page.contains(text);
            let introduced = name == "corrections.md" && text != TEXTS[0];
            assert_eq!(said, introduced, "{name}: {text}");
        }
    }
}

#[test]
fn every_chapter_that_a_page_names_is_there() {
    let course = Course::open(workbook()).expect("this is the workbook");
    let numbers: Vec<&str> = course
        .chapters()
        .iter()
        .map(|chapter| chapter.number())
        .collect();
    let mut named = 0;
    for (name, page) in pages() {
        for (at, word) in page.match_indices("hapter") {
            let rest = page[at + word.len()..].trim_start_matches('s').trim_start();
            let digits = rest.chars().take_while(char::is_ascii_digit).count();
            if digits == 2 {
                let number = &rest[..2];
                assert!(numbers.contains(&number), "{name} names chapter {number}");
                named += 1;
            }
        }
    }
    assert!(named > 100, "{named} chapters");
}

#[test]
fn a_directive_behind_a_backslash_is_shown() {
    let page = Fixture::new("`\\{{#include x}}`\n").rendered();
    assert!(page.contains("<code>{{#include x}}</code>"), "{page}");
}

#[test]
fn the_front_page_is_the_readme() {
    let fixture = Fixture::new("[back](README.md#front)\n");
    fixture
        .write(
            "book/src/SUMMARY.md",
            "[Front](README.md)\n\n- [Page](page.md)\n",
        )
        .write("book/src/README.md", "# Front\n");
    let rendered = fixture.render();
    let reason = format!(
        "{:#}",
        rendered.expect_err("the page of that name only leads on")
    );
    assert!(reason.contains("README.html has no `#front`"), "{reason}");
    fixture.write(
        "book/src/page.md",
        "[back](README.md) [or](index.md#front)\n",
    );
    let front = fixture.render().expect("both are there").front_page();
    let front = fs::read_to_string(front).expect("it was just written");
    assert!(front.contains("<h1 id=\"front\">"), "{front}");
}
