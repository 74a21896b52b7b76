//! The pages of the book as text, and the directives that stand in them.
//!
//! A directive is `{{#name argument}}`. What it stands for is put in when the page is shown: by the book's
//! renderer as HTML, and by [`read`] as text for the terminal.

mod directive;
mod include;
mod timeline;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

pub use directive::{Directive, PageError, resolve};
pub use include::include;
pub use timeline::timeline;

use async_workbook::timeline::Style;

/// Reads a page for the terminal: what it includes and the timelines are put in as text; of what only a
/// browser can show, it says where to find it.
///
/// # Errors
///
/// The page cannot be read, or a directive in it leads nowhere.
pub fn read(file: &Path) -> io::Result<String> {
    let page = fs::read_to_string(file)?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let text = resolve(file, &page, |directive| match directive.name {
        "include" => include(folder, directive.argument),
        "timeline" => {
            let (drawn, _) = timeline(&root(folder), directive.argument)?;
            Ok(format!(
                "```text\n{}```",
                drawn.text(&Style::unicode(Style::DEFAULT_WIDTH))
            ))
        }
        "quiz" => Ok(format!(
            "`cargo run -- quiz {}` asks them; those that you miss come back some time later.",
            directive.argument
        )),
        "explore" | "svg" | "misconceptions" | "chapters" => {
            Ok("`cargo run -p book -- --open` shows it in the browser.".into())
        }
        _ => Err(directive.unknown()),
    });
    text.map_err(io::Error::other)
}

/// The workbook, seen from the folder of a page, `book/src`.
fn root(pages: &Path) -> PathBuf {
    pages.join("../..")
}

/// Joins the lines of each paragraph, so that it can be broken anew at another width. Code, tables and
/// headings keep their lines.
#[must_use]
pub fn joined(text: &str) -> String {
    let mut joined: Vec<String> = Vec::new();
    let mut in_code = false;
    // Whether the next line may go on with the last one.
    let mut open = false;
    for line in text.lines() {
        let trimmed = line.trim_start();
        let fence = trimmed.starts_with("```");
        in_code ^= fence;
        let stands_alone =
            in_code || fence || trimmed.is_empty() || trimmed.starts_with(['#', '|', '<']);
        match joined.last_mut() {
            Some(last) if open && !stands_alone && !begins_item(trimmed) => {
                last.push(' ');
                last.push_str(trimmed);
            }
            _ => joined.push(line.to_owned()),
        }
        open = !stands_alone;
    }
    joined.join("\n")
}

/// Whether a line begins an item of a list, or a quotation.
fn begins_item(line: &str) -> bool {
    let after_number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with("- ")
        || line.starts_with("* ")
        || line.starts_with('>')
        || (after_number.len() < line.len() && after_number.starts_with(". "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> io::Result<String> {
        let folder = tempfile::tempdir()?;
        let pages = folder.path().join("book/src");
        fs::create_dir_all(&pages)?;
        fs::write(pages.join("code.rs"), "fn a() {}\n")?;
        let file = pages.join("page.md");
        fs::write(&file, text)?;
        read(&file)
    }

    #[test]
    fn a_page_shows_what_it_includes() {
        let text = page("x\n{{#include code.rs}}\ny").expect("it is there");
        assert_eq!(text, "x\nfn a() {}\ny");
    }

    #[test]
    fn every_page_of_the_book_can_be_read_in_the_terminal() {
        let pages = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join("book/src");
        for entry in fs::read_dir(pages).expect("the book has pages") {
            let file = entry.expect("the folder can be read").path();
            if file.extension().is_some_and(|extension| extension == "md") {
                let text = read(&file).unwrap_or_else(|error| panic!("{error}"));
                assert!(!text.contains("{{#"), "{}", file.display());
            }
        }
    }

    #[test]
    fn paragraphs_are_joined_and_nothing_else() {
        let text = "# Title\none\ntwo\n\n- item\n  goes on\n- item\n1. first\n2. second\n\n```rust\nlet a;\nlet b;\n```\nend\n| a |\n| b |";
        assert_eq!(
            joined(text),
            "# Title\none two\n\n- item goes on\n- item\n1. first\n2. second\n\n```rust\nlet a;\nlet b;\n```\nend\n| a |\n| b |"
        );
    }

    #[test]
    fn what_is_not_there_is_an_error_that_names_the_place() {
        let error = page("one\n{{#include none.rs}}").expect_err("no such file");
        let text = error.to_string();
        assert!(text.contains("page.md:2: {{#include none.rs}}: "), "{text}");
    }
}
