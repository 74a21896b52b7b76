//! What is in the files of an answer.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::span::Span;

/// What is in the files of an answer, its root first.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Sources(Vec<Source>);

/// A file of an answer.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Source {
    /// The file, from the folder of the workspace, with `/` between its parts.
    pub file: String,
    /// What is in it.
    pub text: String,
}

impl Sources {
    /// These files, the root first.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = (PathBuf, String)>) -> Self {
        let source = |(file, text): (PathBuf, String)| Source {
            file: file.display().to_string().replace('\\', "/"),
            text,
        };
        Self(files.into_iter().map(source).collect())
    }

    /// All files, the root first.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.iter()
    }

    /// The same files in this folder.
    pub(super) fn below(self, folder: &str) -> Self {
        let moved = |Source { file, text }| Source {
            file: format!("{folder}/{file}"),
            text,
        };
        Self(self.0.into_iter().map(moved).collect())
    }

    /// The file that the others are modules of.
    #[must_use]
    pub fn root(&self) -> Option<&Source> {
        self.0.first()
    }

    /// The [`fingerprint_of`] all files.
    #[must_use]
    pub fn fingerprint(&self) -> u32 {
        fingerprint_of(
            self.0
                .iter()
                .map(|Source { file, text }| (Path::new(file), text.as_bytes())),
        )
    }

    /// The checksum of each file, by which the compiler's sources are known again.
    pub(super) fn checksums(&self) -> Vec<(PathBuf, u32)> {
        let checksum = |Source { file, text }: &Source| {
            (PathBuf::from(file), super::fingerprint(text.as_bytes()))
        };
        self.0.iter().map(checksum).collect()
    }

    /// A line of one of the files.
    #[must_use]
    pub fn line(&self, file: &str, line: u32) -> Option<(&Source, Span)> {
        let source = self.0.iter().find(|source| source.file == file)?;
        Some((source, Span::of_line(&source.text, line)?))
    }

    /// Where one of the files defines a function, or else a type.
    #[must_use]
    pub fn definition(&self, name: &str) -> Option<(&Source, Span)> {
        self.0.iter().find_map(|source| {
            let span = Span::of_definition(&source.text, name)?;
            Some((source, span))
        })
    }
}

/// Tells one content of an answer's files from another. Of a single file, its name is no part of it.
#[must_use]
pub fn fingerprint_of<'a>(files: impl IntoIterator<Item = (&'a Path, &'a [u8])>) -> u32 {
    let mut files = files.into_iter().peekable();
    let Some((name, content)) = files.next() else {
        return super::fingerprint(b"");
    };
    if files.peek().is_none() {
        return super::fingerprint(content);
    }
    let mut hasher = crc32fast::Hasher::new();
    for (name, content) in std::iter::once((name, content)).chain(files) {
        hasher.update(name.to_string_lossy().replace('\\', "/").as_bytes());
        hasher.update(&content.len().to_le_bytes());
        hasher.update(content);
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(files: &[(&str, &str)]) -> Sources {
        Sources::new(
            files
                .iter()
                .map(|(file, text)| (PathBuf::from(file), (*text).to_owned())),
        )
    }

    #[test]
    fn a_single_file_is_known_by_its_content() {
        let one = sources(&[("exercises/03_gather.rs", "fn one() {}")]);
        assert_eq!(one.fingerprint(), super::super::fingerprint(b"fn one() {}"));
    }

    #[test]
    fn files_are_known_by_their_names_and_where_each_ends() {
        let fingerprints = [
            sources(&[("main.rs", "a"), ("b.rs", "bc")]),
            sources(&[("main.rs", "ab"), ("b.rs", "c")]),
            sources(&[("main.rs", "a"), ("c.rs", "bc")]),
            sources(&[("main.rs", "a")]),
        ]
        .map(|sources| sources.fingerprint());
        for (index, fingerprint) in fingerprints.iter().enumerate() {
            assert!(!fingerprints[..index].contains(fingerprint), "{index}");
        }
    }

    #[test]
    fn a_definition_is_found_in_whichever_file_has_it() {
        let answer = sources(&[
            ("exercises/20/main.rs", "mod store;\n"),
            ("exercises/20/store.rs", "\npub fn open() {}\n"),
        ]);
        let (source, span) = answer.definition("open").expect("it is there");
        assert_eq!(
            (source.file.as_str(), span.line),
            ("exercises/20/store.rs", 2)
        );
        let (source, span) = answer.line("exercises/20/main.rs", 1).expect("it is there");
        assert_eq!(
            (source.text.as_str(), span.text.as_str()),
            ("mod store;\n", "mod store;")
        );
        assert_eq!(answer.line("elsewhere.rs", 1), None);
    }
}
