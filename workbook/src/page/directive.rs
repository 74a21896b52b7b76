//! Finds the directives of a page, and puts in what they stand for.

use std::path::{Path, PathBuf};

/// One `{{#name argument}}` of a page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Directive<'page> {
    /// What it is called: `include`.
    pub name: &'page str,
    /// All that stands between its name and its end: `../../examples/03_gather.rs:gathered`.
    pub argument: &'page str,
}

impl Directive<'_> {
    /// The words for a directive that nobody knows.
    #[must_use]
    pub fn unknown(&self) -> String {
        format!("there is no directive `{}`", self.name)
    }
}

/// A directive that leads nowhere.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}:{line}: {directive}: {reason}", .page.display())]
pub struct PageError {
    /// The file of the page.
    pub page: PathBuf,
    /// The line on which the directive begins, counted from 1.
    pub line: usize,
    /// The directive as it stands there.
    pub directive: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Returns `text`, the text of `page`, with `put_in` called for each directive, and what it returns in the
/// directive's place. One that follows a backslash is not meant: it stays, without the backslash.
///
/// # Errors
///
/// A directive has no end, or `put_in` says what is wrong with it.
pub fn resolve(
    page: &Path,
    text: &str,
    mut put_in: impl FnMut(Directive<'_>) -> Result<String, String>,
) -> Result<String, PageError> {
    const OPEN: &str = "{{#";
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        if let Some(before) = before.strip_suffix('\\') {
            resolved.push_str(before);
            resolved.push_str(OPEN);
            rest = after;
            continue;
        }
        let first_line = after.lines().next().unwrap_or_default();
        let error = |directive: &str, reason| PageError {
            page: page.to_owned(),
            line: 1 + text[..text.len() - after.len()].matches('\n').count(),
            directive: format!("{OPEN}{directive}"),
            reason,
        };
        let Some((inner, _)) = first_line.split_once("}}") else {
            let reason = "it has no `}}` on its line".to_owned();
            return Err(error(first_line, reason));
        };
        let (name, argument) = inner.split_once(' ').unwrap_or((inner, ""));
        let argument = argument.trim();
        let found = put_in(Directive { name, argument })
            .map_err(|reason| error(&format!("{inner}}}}}"), reason))?;
        resolved.push_str(before);
        resolved.push_str(found.trim_end_matches('\n'));
        rest = &after[inner.len() + 2..];
    }
    resolved.push_str(rest);
    Ok(resolved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str) -> Result<String, PageError> {
        resolve(Path::new("p.md"), text, |directive| {
            match (directive.name, directive.argument) {
                ("shout", word) => Ok(word.to_uppercase() + "\n"),
                _ => Err(directive.unknown()),
            }
        })
    }

    #[test]
    fn directives_are_replaced_and_nothing_else() {
        let text = "a {{#shout b c}} d {{e}}\n{{#shout f}}{{#shout}}";
        assert_eq!(resolved(text), Ok("a B C d {{e}}\nF".into()));
        assert_eq!(resolved(r"\{{#shout b}}"), Ok("{{#shout b}}".into()));
    }

    #[test]
    fn a_directive_that_leads_nowhere_is_named_with_its_place() {
        let error = resolved("a\n{{#shout b}}\n c {{#whisper d}}").expect_err("unknown");
        assert_eq!(
            error.to_string(),
            "p.md:3: {{#whisper d}}: there is no directive `whisper`"
        );
        let error = resolved("a {{#shout b\n}}").expect_err("no end");
        assert_eq!(
            error.to_string(),
            "p.md:1: {{#shout b: it has no `}}` on its line"
        );
    }
}
