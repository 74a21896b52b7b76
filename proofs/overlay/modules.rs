//! An answer with several files as one text: each `mod store;` holds what is in `store.rs`.
//!
//! What is in a module is spliced, compared and cut out like what is at the root. An overlay names the module around it:
//! `mod store { … }` has the items of `store.rs` that differ.

use std::{
    fs, io,
    ops::Range,
    path::{Path, PathBuf},
};

use syn::Item;

use crate::{
    Error, Mistake,
    edits::Edits,
    source::{Piece, Source},
};

/// The file that the others of a folder are modules of.
const ROOT: &str = "main.rs";

/// Reads an answer: one file or, if it is the `main.rs` of a folder, that one with its modules in their places.
///
/// # Errors
///
/// A file cannot be read, or isn't Rust.
pub fn read_answer(file: &Path) -> Result<String, Error> {
    match file.ends_with(ROOT) {
        true => inlined(file, file.parent().unwrap_or(file)),
        false => read(file),
    }
}

/// The root of the answer that is called `slug` in `folder`: a file or, if there is none, the root of a folder.
#[must_use]
pub fn root_of(folder: &Path, slug: &str) -> PathBuf {
    let root = folder.join(slug).join(ROOT);
    match root.is_file() {
        true => root,
        false => folder.join(format!("{slug}.rs")),
    }
}

/// The text of a file, whose modules are in `folder`.
fn inlined(file: &Path, folder: &Path) -> Result<String, Error> {
    let text = read(file)?;
    let source = Source::parse(&text).map_err(|(line, message)| Error::Mistaken {
        file: file.to_owned(),
        mistake: Mistake::Reference { line, message },
    })?;
    let mut edits = Edits::default();
    for piece in &source.pieces {
        let Item::Mod(module) = &piece.item else {
            continue;
        };
        let Some(semicolon) = module.semi else {
            continue;
        };
        let name = module.ident.to_string();
        let below = folder.join(&name);
        let flat = folder.join(format!("{name}.rs"));
        let file = match flat.is_file() {
            true => flat,
            false => below.join("mod.rs"),
        };
        let text = inlined(&file, &below)?;
        edits.replace(semicolon.span.byte_range(), format!(" {{\n{text}}}"));
    }
    Ok(edits.apply(&text))
}

pub(crate) fn read(file: &Path) -> Result<String, Error> {
    fs::read_to_string(file).map_err(|source: io::Error| Error::Unreadable {
        file: file.to_owned(),
        source,
    })
}

/// A module whose items are in the text.
pub(crate) struct Module<'a> {
    pub(crate) name: String,
    /// What is between its braces.
    pub(crate) text: &'a str,
    /// Where that is.
    pub(crate) range: Range<usize>,
}

impl<'a> Source<'a> {
    /// The module that a piece is, if its items are in the text.
    pub(crate) fn module(&self, piece: &Piece) -> Option<Module<'a>> {
        let Item::Mod(module) = &piece.item else {
            return None;
        };
        let (braces, _) = module.content.as_ref()?;
        let range = braces.span.open().byte_range().end..braces.span.close().byte_range().start;
        Some(Module {
            name: module.ident.to_string(),
            text: self.slice(range.clone()),
            range,
        })
    }

    /// The module of this name, if its items are in the text.
    pub(crate) fn module_named(&self, name: &str) -> Option<Module<'a>> {
        let mut modules = self.pieces.iter().filter_map(|piece| self.module(piece));
        modules.find(|module| module.name == name)
    }
}
