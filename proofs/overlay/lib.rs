//! Makes whole answers of overlays.
//!
//! A known wrong answer differs from the reference solution in a few items, and its file, the overlay,
//! has only these:
//!
//! - a line `//! what is wrong`, which takes the place of the reference's;
//! - the imports that the reference lacks;
//! - each function, constant, type, trait or macro that differs, in place of the one with its name, or new;
//! - an `impl` block with the methods that differ, if the type is the reference's. An `impl` of a trait
//!   takes the place of the whole one;
//! - all `impl` blocks of a type that it defines anew: those of the reference are dropped.
//!
//! - `mod store { … }` around what differs in the module `store`, be it a file of the answer's or not.
//!
//! What the overlay names, by an item or an import, is the overlay's: an import or item of the reference
//! with the same name is dropped. What it does not name comes from the reference.
//!
//! The texts are spliced, comments included, and never printed anew.

mod beside;
mod edits;
mod function;
mod modules;
mod sides;
mod source;
mod uses;

#[cfg(test)]
mod tests;

use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
};

use syn::{Item, ItemImpl, spanned::Spanned as _};

pub use beside::{Names, beside, differing_names};
use edits::Edits;
pub use function::{Function, functions};
use modules::read;
pub use modules::{read_answer, root_of};
pub use sides::{Reference, Sides};
use source::{Name, Piece, Source, name_of_member, self_type, tokens};
use uses::Import;

/// Why no whole answer could be made of a file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read.
    #[error("{}: {source}", file.display())]
    Unreadable {
        /// The overlay, or its reference.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The overlay is not in a folder with a name.
    #[error("{}: an overlay is in a folder named after its chapter, such as wrong/03_gather", file.display())]
    NoChapter {
        /// The overlay.
        file: PathBuf,
    },
    /// The text is no overlay.
    #[error("{}: {mistake}", file.display())]
    Mistaken {
        /// The file with the mistake: the overlay, or its reference.
        file: PathBuf,
        /// What is wrong with it.
        mistake: Mistake,
    },
}

/// What is wrong with a text.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Mistake {
    /// The reference isn't Rust.
    #[error("line {line}: {message}")]
    Reference {
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// The overlay isn't Rust.
    #[error("line {line}: {message}")]
    Overlay {
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// It brings what comes from the reference.
    #[error("line {line}: `mod {name};` comes from the reference: remove it here")]
    Footer {
        /// The line, from 1.
        line: usize,
        /// The module.
        name: String,
    },
    /// It adds methods to a type that there is not.
    #[error("line {line}: `impl {name}`: neither the overlay nor the reference defines `{name}`")]
    NoType {
        /// The line, from 1.
        line: usize,
        /// The type.
        name: String,
    },
    /// It changes nothing.
    #[error("it has no item, and so differs in nothing from the reference")]
    Empty,
}

/// Reads an overlay, such as `solutions/wrong/03_gather/awaits_in_a_loop.rs`, and makes a whole answer of it and
/// of its chapter's reference, `solutions/03_gather.rs` below `root`, or `solutions/20_capstone/main.rs` and its modules.
///
/// # Errors
///
/// A file cannot be read, or [`compose`] finds a mistake in it.
pub fn compose_file(root: &Path, overlay: &Path) -> Result<String, Error> {
    let reference = reference_of(root, overlay)?;
    compose(&read_answer(&reference)?, &read(overlay)?).map_err(|mistake| Error::Mistaken {
        file: match mistake {
            Mistake::Reference { .. } => reference,
            _ => overlay.to_owned(),
        },
        mistake,
    })
}

/// Where the reference of an overlay is: the folder that the overlay is in has its name.
///
/// # Errors
///
/// The overlay is in no folder.
pub fn reference_of(root: &Path, overlay: &Path) -> Result<PathBuf, Error> {
    let folder = overlay.parent().and_then(Path::file_name);
    let folder = folder.ok_or_else(|| Error::NoChapter {
        file: overlay.to_owned(),
    })?;
    Ok(root_of(&root.join("solutions"), &folder.to_string_lossy()))
}

/// Makes a whole answer of a reference and an overlay.
///
/// # Errors
///
/// One of them isn't Rust, or the overlay says what cannot be done.
pub fn compose(reference: &str, overlay: &str) -> Result<String, Mistake> {
    let reference =
        Source::parse(reference).map_err(|(line, message)| Mistake::Reference { line, message })?;
    let overlay =
        Source::parse(overlay).map_err(|(line, message)| Mistake::Overlay { line, message })?;
    Composer::new(&reference, &overlay)?.compose()
}

struct Composer<'a> {
    reference: &'a Source<'a>,
    overlay: &'a Source<'a>,
    /// The names of the overlay's types.
    types: HashSet<String>,
    /// What the overlay imports.
    imports: Vec<Import>,
    edits: Edits,
    /// Which of the overlay's pieces have found their place, by index.
    placed: HashSet<usize>,
}

impl<'a> Composer<'a> {
    fn new(reference: &'a Source<'a>, overlay: &'a Source<'a>) -> Result<Self, Mistake> {
        if overlay.pieces.is_empty() {
            return Err(Mistake::Empty);
        }
        for piece in &overlay.pieces {
            if let Item::Mod(module) = &piece.item
                && module.content.is_none()
            {
                return Err(Mistake::Footer {
                    line: piece.line(),
                    name: module.ident.to_string(),
                });
            }
        }
        Ok(Self {
            reference,
            overlay,
            types: overlay.types(),
            imports: overlay.imports(),
            edits: Edits::default(),
            placed: HashSet::new(),
        })
    }

    fn compose(mut self) -> Result<String, Mistake> {
        self.header();
        self.uses();
        self.methods()?;
        self.modules()?;
        self.items();
        self.new_items();
        Ok(self.edits.apply(self.reference.text))
    }

    /// The overlay's header in place of the reference's, whose other inner attributes stay.
    fn header(&mut self) {
        let (Some(header), start) = (self.overlay.header(), self.reference.header_start()) else {
            return;
        };
        self.edits.insert(start, header);
        for range in self.reference.header_docs() {
            self.edits.replace(range, "");
        }
    }

    /// Leaves an import of the reference as it is, unless the overlay means something else by a name of it.
    /// The overlay's imports follow, without those which the reference has.
    fn uses(&mut self) {
        let own: HashSet<&str> = self
            .overlay
            .pieces
            .iter()
            .filter_map(|piece| piece.name.as_ref()?.plain())
            .collect();
        let theirs = self.reference.imports();
        let is_shadowed = |import: &Import| {
            own.contains(import.binding()) || self.imports.iter().any(|other| other.shadows(import))
        };
        for piece in &self.reference.pieces {
            let Item::Use(item) = &piece.item else {
                continue;
            };
            let imports = uses::imports(item);
            if imports.iter().any(is_shadowed) {
                let left = imports.iter().filter(|import| !is_shadowed(import));
                self.edits.replace(piece.range.clone(), uses::lines(left));
            }
        }
        let mut added = String::new();
        for (index, piece) in self.overlay.pieces.iter().enumerate() {
            let Item::Use(item) = &piece.item else {
                continue;
            };
            self.placed.insert(index);
            let imports = uses::imports(item);
            let new: Vec<_> = imports.iter().filter(|i| !theirs.contains(i)).collect();
            if new.is_empty() {
                continue;
            }
            added.push('\n');
            if new.len() == imports.len() {
                added.push_str(self.overlay.text(piece));
            } else {
                added.push_str(&uses::lines(new.into_iter()));
            }
        }
        if !added.is_empty() {
            self.edits.insert(self.reference.end_of_uses(), added);
        }
    }

    /// Has the methods of a type that the overlay does not define anew take the places of the reference's.
    fn methods(&mut self) -> Result<(), Mistake> {
        for (index, piece) in self.overlay.pieces.iter().enumerate() {
            let Some(block) = piece.inherent_impl() else {
                continue;
            };
            let of = self_type(block);
            if self.types.contains(&of) {
                continue;
            }
            if !self.reference.types().contains(&of) {
                return Err(Mistake::NoType {
                    line: piece.line(),
                    name: of,
                });
            }
            if self.merge(block) {
                self.placed.insert(index);
            }
        }
        Ok(())
    }

    /// Returns whether there is a block with the same head to merge this one into. If there is none, it is new; the
    /// methods of its names are dropped all the same.
    fn merge(&mut self, block: &ItemImpl) -> bool {
        let of = self_type(block);
        let theirs: Vec<&ItemImpl> = self
            .reference
            .pieces
            .iter()
            .filter_map(Piece::inherent_impl)
            .filter(|their| self_type(their) == of)
            .collect();
        let home = theirs.iter().rfind(|their| head(their) == head(block));
        for item in &block.items {
            let text = self.overlay.slice(self.overlay.range_of(item.span()));
            let name = name_of_member(item);
            let replaced = theirs
                .iter()
                .flat_map(|their| &their.items)
                .find(|their| name_of_member(their) == name);
            let range = replaced.map(|item| self.reference.range_of(item.span()));
            match (range, home) {
                (Some(range), Some(_)) => self.edits.replace(range, text),
                (Some(range), None) => self.edits.remove(self.reference.text, range),
                (None, Some(home)) => {
                    let end = home.brace_token.span.close().byte_range().start;
                    let end = self.reference.text[..end].trim_end().len();
                    let gap = if home.items.is_empty() {
                        "\n    "
                    } else {
                        "\n\n    "
                    };
                    self.edits.insert(end, format!("{gap}{text}"));
                }
                (None, None) => {}
            }
        }
        home.is_some()
    }

    /// Composes each module that both have.
    fn modules(&mut self) -> Result<(), Mistake> {
        for (index, piece) in self.overlay.pieces.iter().enumerate() {
            let Some(module) = self.overlay.module(piece) else {
                continue;
            };
            if let Some(theirs) = self.reference.module_named(&module.name) {
                let composed = compose(theirs.text, module.text)?;
                self.edits.replace(theirs.range, composed);
                self.placed.insert(index);
            }
        }
        Ok(())
    }

    /// Has the overlay's items take the places of the reference's with the same names, and drops the rest of what
    /// belongs to them.
    fn items(&mut self) {
        let imported: HashSet<&str> = self.imports.iter().map(Import::binding).collect();
        let theirs = self.reference.types();
        let is_dropped = |name: &Name| match name {
            Name::Impl { of, .. } => {
                self.types.contains(of) || (imported.contains(of.as_str()) && theirs.contains(of))
            }
            name => name.plain().is_some_and(|name| imported.contains(name)),
        };
        for piece in &self.reference.pieces {
            let Some(name) = &piece.name else { continue };
            let same: Vec<usize> = (0..self.overlay.pieces.len())
                .filter(|&index| self.overlay.pieces[index].name.as_ref() == Some(name))
                .filter(|_| piece.inherent_impl().is_none() || is_dropped(name))
                .collect();
            let texts: Vec<&str> = same
                .into_iter()
                .filter(|&index| self.placed.insert(index))
                .map(|index| self.overlay.text(&self.overlay.pieces[index]))
                .collect();
            if !texts.is_empty() {
                self.edits.replace(piece.range.clone(), texts.join("\n\n"));
            } else if is_dropped(name) || (self.overlay.has(name) && !piece.is_merged()) {
                self.edits.remove(self.reference.text, piece.range.clone());
            }
        }
    }

    /// What is left is new, and goes before the footer. Macros have to stand before what calls them.
    fn new_items(&mut self) {
        for (index, piece) in self.overlay.pieces.iter().enumerate() {
            if self.placed.contains(&index) {
                continue;
            }
            let text = self.overlay.text(piece);
            if let Some(Name::Macro(_)) = piece.name {
                let end = self.reference.end_of_uses();
                self.edits.insert(end, format!("\n\n{text}"));
            } else {
                let end = self.reference.end_of_items();
                self.edits.insert(end, format!("\n\n{text}"));
            }
        }
    }
}

/// What is before the braces of an `impl` block, without its attributes.
fn head(block: &ItemImpl) -> String {
    let (generics, clause) = (&block.generics, &block.generics.where_clause);
    [tokens(generics), tokens(&block.self_ty), tokens(clause)].join(" ")
}
