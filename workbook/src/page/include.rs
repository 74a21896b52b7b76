//! `{{#include PATH}}`: a file, or a part of it.

use std::{fs, path::Path};

use textwrap::dedent;

/// The file that `argument` names, seen from `folder`; of it, after a colon, what stands between the
/// anchors of a name (`PATH:NAME`), one line (`PATH:7`), or the lines from one to another (`PATH:7:10`).
/// Lines that hold an anchor are left out. A part is not set in, however deep it stands in its file.
///
/// # Errors
///
/// There is no such file, or no such part of it.
pub fn include(folder: &Path, argument: &str) -> Result<String, String> {
    let (file, part) = argument.split_once(':').unwrap_or((argument, ""));
    let text = fs::read_to_string(folder.join(file))
        .map_err(|error| format!("cannot read {file}: {error}"))?;
    if part.is_empty() {
        return Ok(without_anchors(text.lines()));
    }
    let (from, to) = part.split_once(':').unwrap_or((part, part));
    if let (Ok(from), Ok(to)) = (from.parse::<usize>(), to.parse::<usize>()) {
        let lines: Vec<&str> = text.lines().collect();
        let part = (from <= to).then(|| lines.get(from.wrapping_sub(1)..to));
        let part = part.flatten().ok_or_else(|| {
            let count = lines.len();
            format!("{file} has no lines {from} to {to}: it has {count}")
        })?;
        return Ok(dedent(&without_anchors(part.iter().copied())));
    }
    let is = |line: &str, mark: &str| {
        // In Markdown, an anchor stands in a comment that has an end.
        let line = line.trim_end().trim_end_matches("-->").trim_end();
        line.ends_with(&format!("{mark}: {part}"))
    };
    let missing = || format!("{file} has no anchor `{part}`");
    let mut lines = text.lines().skip_while(|line| !is(line, "ANCHOR"));
    lines.next().ok_or_else(missing)?;
    let lines: Vec<&str> = lines.collect();
    let end = lines.iter().position(|line| is(line, "ANCHOR_END"));
    let end = end.ok_or_else(|| format!("{file} has no end of anchor `{part}`"))?;
    Ok(dedent(&without_anchors(lines[..end].iter().copied())))
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

    #[test]
    fn a_part_of_a_page_is_found_too() {
        let folder = tempfile::tempdir().expect("the system has a temporary folder");
        let table = "<!-- ANCHOR: a -->\n| a |\n<!-- ANCHOR_END: a -->\n| b |\n";
        fs::write(folder.path().join("table.md"), table).expect("the folder is new");
        let part = include(folder.path(), "table.md:a").expect("it is there");
        assert_eq!(part, "| a |\n");
    }

    fn included(argument: &str) -> Result<String, String> {
        let folder = tempfile::tempdir().expect("the system has a temporary folder");
        let code = "fn a() {}\n// ANCHOR: b\nfn b() {}\n// ANCHOR: c\nfn c() {}\n// ANCHOR_END: c\n// ANCHOR_END: b\n// ANCHOR: open\n";
        fs::write(folder.path().join("code.rs"), code).expect("the folder is new");
        include(folder.path(), argument)
    }

    #[test]
    fn a_part_is_found_by_its_anchor_or_its_lines() {
        let included = |argument| included(argument).expect("it is there");
        assert_eq!(included("code.rs:b"), "fn b() {}\nfn c() {}\n");
        assert_eq!(included("code.rs:c"), "fn c() {}\n");
        assert_eq!(included("code.rs:1"), "fn a() {}\n");
        assert_eq!(included("code.rs:1:3"), "fn a() {}\nfn b() {}\n");
        assert_eq!(included("code.rs"), "fn a() {}\nfn b() {}\nfn c() {}\n");
    }

    #[test]
    fn a_part_is_not_set_in() {
        let folder = tempfile::tempdir().expect("the system has a temporary folder");
        let code = "fn a() {\n    // ANCHOR: b\n    if b {\n        c();\n\n    }\n    // ANCHOR_END: b\n}\n";
        fs::write(folder.path().join("code.rs"), code).expect("the folder is new");
        let part = include(folder.path(), "code.rs:b").expect("it is there");
        assert_eq!(part, "if b {\n    c();\n\n}\n");
        let part = include(folder.path(), "code.rs:4").expect("it is there");
        assert_eq!(part, "c();\n");
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        for (missing, reason) in [
            ("none.rs", "cannot read none.rs: "),
            ("code.rs:d", "code.rs has no anchor `d`"),
            ("code.rs:open", "code.rs has no end of anchor `open`"),
            ("code.rs:9", "code.rs has no lines 9 to 9: it has 8"),
            ("code.rs:3:2", "code.rs has no lines 3 to 2: it has 8"),
            ("code.rs:0", "code.rs has no lines 0 to 0: it has 8"),
        ] {
            let error = included(missing).expect_err(missing);
            assert!(error.starts_with(reason), "{missing}: {error}");
        }
    }
}
