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

use crate::misconceptions;

/// The fence around a timeline, as JSON: it is drawn as wide as the terminal.
pub const TIMELINE: &str = "timeline";

/// Reads a page for the terminal: what it includes is put in, and a timeline as JSON, in a fence of its own; of what
/// only a browser can show, it says where to find it.
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
            let json = serde_json::to_string(&drawn).map_err(|error| error.to_string())?;
            Ok(format!("```{TIMELINE}\n{json}\n```"))
        }
        "misconceptions" => misconceptions::table(&root(folder)).map_err(|error| error.to_string()),
        "quiz" => Ok(format!(
            "`cargo run -- quiz {}` asks them; the ones that you miss come back later.",
            directive.argument
        )),
        "explore" | "svg" | "chapters" => {
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

/// What a heading is called in a link.
#[must_use]
pub fn anchor(title: &str) -> String {
    let letters = title.to_lowercase().replace(' ', "-");
    let is_kept = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_');
    letters.chars().filter(is_kept).collect()
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
    fn what_is_not_there_is_an_error_that_names_the_place() {
        let error = page("one\n{{#include none.rs}}").expect_err("no such file");
        let text = error.to_string();
        assert!(text.contains("page.md:2: {{#include none.rs}}: "), "{text}");
    }
}
