//! What the compiler says of an answer.

use std::path::{Component, Path, PathBuf};

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel};

/// The compiler's first error in an answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CompileError {
    /// The error, as the compiler renders it.
    pub rendered: String,
    /// How many more errors there are.
    pub others: usize,
    /// Whether it comes from the line that hands the answer to the hidden tests, which means that a name or a signature
    /// was changed.
    pub in_last_line: bool,
}

/// Whether a diagnostic stops the compiler.
pub(super) fn is_error(diagnostic: &Diagnostic) -> bool {
    matches!(
        diagnostic.level,
        DiagnosticLevel::Error | DiagnosticLevel::Ice
    )
}

/// Whether an error would be a warning, had nobody asked for more than the workbook does: a lint that the exercises do
/// not forbid.
pub(super) fn is_warning_at_heart(diagnostic: &Diagnostic) -> bool {
    diagnostic.code.as_ref().is_some_and(|code| {
        let is_error_code = code.code.starts_with('E') && code.code[1..].parse::<u32>().is_ok();
        !is_error_code && code.code != "unsafe_code"
    })
}

/// Whether it only says how many errors there were.
pub(super) fn is_summary(diagnostic: &Diagnostic) -> bool {
    diagnostic.spans.is_empty() && diagnostic.code.is_none()
}

/// Whether the compiler found no room on the disk, which is no fault of the answer.
pub(super) fn is_full_disk(text: &str) -> bool {
    text.contains("No space left on device") || text.contains("not enough space on the disk")
}

impl CompileError {
    pub(super) fn of(diagnostic: &Diagnostic) -> Self {
        let in_last_line = diagnostic.spans.iter().any(|span| {
            let macro_name = span
                .expansion
                .as_ref()
                .map(|by| by.macro_decl_name.as_str());
            span.is_primary && macro_name.is_some_and(|name| name.ends_with("grade!"))
        });
        let rendered = diagnostic.rendered.as_ref();
        Self {
            in_last_line,
            others: 0,
            rendered: without_detours(rendered.unwrap_or(&diagnostic.message)),
        }
    }

    /// The error, and how many more there are.
    pub(super) fn text(&self) -> String {
        let rendered = &self.rendered;
        match self.others {
            0 => rendered.clone(),
            1 => format!(
                "{}\n\nThere is one more error after this one.",
                rendered.trim_end()
            ),
            others => format!(
                "{}\n\nThere are {others} more errors after this one.",
                rendered.trim_end()
            ),
        }
    }
}

/// Names the learner's file by the shortest way: cargo's goes through the folder of the hidden tests.
pub(super) fn without_detours(text: &str) -> String {
    const UP: &str = "/../../";
    let mut short = text.replace('\\', "/");
    if !short.contains(UP) {
        return text.to_owned();
    }
    while let Some(at) = short.find(UP) {
        let before = &short[..at];
        let folders = before.rfind('/').map(|child| {
            let parent = before[..child].rfind(|c| "/ ".contains(c));
            parent.map_or(0, |parent| parent + 1)
        });
        match folders {
            Some(start) => short.replace_range(start..at + UP.len(), ""),
            None => break,
        }
    }
    short
}

/// A path without `..`, told from its words alone.
pub(super) fn normalized(path: &Path) -> PathBuf {
    let mut normalized = PathBuf::new();
    for component in path.components() {
        if component != Component::ParentDir || !normalized.pop() {
            normalized.push(component);
        }
    }
    normalized
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_the_shortest_way() {
        assert_eq!(
            without_detours(
                "  --> exercises/hidden/03_gather/../../03_gather.rs:24:14\n exercises/hidden/03_gather/lib.rs"
            ),
            "  --> exercises/03_gather.rs:24:14\n exercises/hidden/03_gather/lib.rs"
        );
        assert_eq!(
            normalized(Path::new("exercises/hidden/03_gather/../../03_gather.rs")),
            Path::new("exercises/03_gather.rs")
        );
    }
}
