//! The pages of the book as text, with the code and output that they include.

use std::{fs, io, path::Path};

/// Reads a page and puts in what its `{{#include …}}` name: a file, a part of it between anchors, or
/// some of its lines.
///
/// # Errors
///
/// The page, or a file that it includes, cannot be read, or has no such part.
pub fn read(file: &Path) -> io::Result<String> {
    const OPEN: &str = "{{#include ";
    let page = fs::read_to_string(file)?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut text = String::new();
    let mut rest = page.as_str();
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (include, after) = after
            .split_once("}}")
            .ok_or_else(|| io::Error::other("an include that is never closed"))?;
        text.push_str(before);
        let part = included(folder, include)?;
        text.push_str(part.trim_end_matches('\n'));
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
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

fn included(folder: &Path, include: &str) -> io::Result<String> {
    let (file, part) = include.split_once(':').unwrap_or((include, ""));
    let text = fs::read_to_string(folder.join(file))?;
    let missing = || {
        io::Error::new(
            io::ErrorKind::NotFound,
            format!("{file} has no part `{part}`"),
        )
    };
    if part.is_empty() {
        return Ok(without_anchors(text.lines()));
    }
    let (from, to) = part.split_once(':').unwrap_or((part, part));
    if let (Ok(from), Ok(to)) = (from.parse::<usize>(), to.parse::<usize>()) {
        let lines: Vec<&str> = text.lines().collect();
        let lines = lines.get(from.wrapping_sub(1)..to).ok_or_else(missing)?;
        return Ok(without_anchors(lines.iter().copied()));
    }
    let (begin, end) = (format!("ANCHOR: {part}"), format!("ANCHOR_END: {part}"));
    let is = |line: &&str, mark: &str| line.trim_end().ends_with(mark);
    if !text.lines().any(|line| is(&line, &begin)) || !text.lines().any(|line| is(&line, &end)) {
        return Err(missing());
    }
    let lines = text.lines().skip_while(|line| !is(line, &begin)).skip(1);
    Ok(without_anchors(lines.take_while(|line| !is(line, &end))))
}

/// Other anchors inside a part are no part of it.
fn without_anchors<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines
        .filter(|line| !line.contains("ANCHOR: ") && !line.contains("ANCHOR_END: "))
        .fold(String::new(), |text, line| text + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> io::Result<String> {
        let folder = tempfile::tempdir()?;
        let code = "fn a() {}\n// ANCHOR: b\nfn b() {}\n// ANCHOR: c\nfn c() {}\n// ANCHOR_END: c\n// ANCHOR_END: b\n";
        fs::write(folder.path().join("code.rs"), code)?;
        let file = folder.path().join("page.md");
        fs::write(&file, text)?;
        read(&file)
    }

    #[test]
    fn a_page_shows_what_it_includes() {
        let read = |text| page(text).expect("all of it is there");
        assert_eq!(
            read("x\n{{#include code.rs:b}}\ny"),
            "x\nfn b() {}\nfn c() {}\ny"
        );
        assert_eq!(read("{{#include code.rs:1}}"), "fn a() {}");
        assert_eq!(read("{{#include code.rs:1:3}}"), "fn a() {}\nfn b() {}");
        assert_eq!(
            read("{{#include code.rs}}"),
            "fn a() {}\nfn b() {}\nfn c() {}"
        );
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
    fn what_is_not_there_is_an_error() {
        for missing in [
            "{{#include code.rs:d}}",
            "{{#include code.rs:9}}",
            "{{#include none.rs}}",
            "{{#include code.rs",
        ] {
            assert!(page(missing).is_err(), "{missing}");
        }
    }
}
