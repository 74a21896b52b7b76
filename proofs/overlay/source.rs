//! A Rust file, cut into its items.

use std::{collections::HashSet, ops::Range};

use proc_macro2::Span;
use quote::ToTokens;
use syn::{AttrStyle, Attribute, ImplItem, Item, ItemImpl, Type, spanned::Spanned as _};

use crate::uses::{self, Import};

pub(crate) struct Source<'a> {
    pub(crate) text: &'a str,
    pub(crate) pieces: Vec<Piece>,
    attributes: Vec<Attribute>,
}

/// An item, and where it is with all that belongs to it: its attributes, and the comments right above it.
pub(crate) struct Piece {
    pub(crate) item: Item,
    pub(crate) name: Option<Name>,
    pub(crate) range: Range<usize>,
}

/// What an item is called. The same word may name a type and a function.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Name {
    Type(String),
    Value(String),
    Macro(String),
    Impl {
        /// The name of the type, without its parameters.
        of: String,
        /// The type with its parameters, and the trait, if it implements one.
        what: String,
    },
}

impl<'a> Source<'a> {
    /// If it isn't Rust, returns the line and what the parser says.
    pub(crate) fn parse(text: &'a str) -> Result<Self, (usize, String)> {
        let file = syn::parse_file(text)
            .map_err(|error| (error.span().start().line, error.to_string()))?;
        let mut source = Self {
            text,
            pieces: Vec::new(),
            attributes: file.attrs,
        };
        source.pieces = file
            .items
            .into_iter()
            .map(|item| Piece {
                name: name(&item),
                range: source.range_of(item.span()),
                item,
            })
            .collect();
        Ok(source)
    }

    pub(crate) fn slice(&self, range: Range<usize>) -> &'a str {
        &self.text[range]
    }

    pub(crate) fn text(&self, piece: &Piece) -> &'a str {
        self.slice(piece.range.clone())
    }

    /// Where something is, with the comments on the lines above it, and the one that ends its last line.
    pub(crate) fn range_of(&self, span: Span) -> Range<usize> {
        let Range { mut start, mut end } = span.byte_range();
        let line = |at: usize| self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        while let Some(above) = line(start).checked_sub(1).map(line) {
            let comment = self.text[above..].trim_start_matches([' ', '\t']);
            if !comment.starts_with("//") || comment.starts_with("//!") {
                break;
            }
            start = self.text.len() - comment.len();
        }
        let rest = self.text[end..].lines().next().unwrap_or_default();
        if rest.trim_start().starts_with("//") {
            end += rest.len();
        }
        start..end
    }

    /// The names of the types that it defines.
    pub(crate) fn types(&self) -> HashSet<String> {
        let names = self.pieces.iter().filter_map(|piece| piece.name.as_ref());
        names
            .filter_map(|name| match name {
                Name::Type(name) => Some(name.clone()),
                _ => None,
            })
            .collect()
    }

    pub(crate) fn imports(&self) -> Vec<Import> {
        let items = self.pieces.iter().filter_map(|piece| match &piece.item {
            Item::Use(item) => Some(uses::imports(item)),
            _ => None,
        });
        items.flatten().collect()
    }

    pub(crate) fn has(&self, name: &Name) -> bool {
        self.pieces
            .iter()
            .any(|piece| piece.name.as_ref() == Some(name))
    }

    /// Its inner attributes, the `//!` lines among them.
    pub(crate) fn header(&self) -> Option<&'a str> {
        let (first, last) = (self.attributes.first()?, self.attributes.last()?);
        Some(self.slice(first.span().byte_range().start..last.span().byte_range().end))
    }

    pub(crate) fn header_start(&self) -> usize {
        let first = self.attributes.first();
        first.map_or(0, |first| first.span().byte_range().start)
    }

    /// The `//!` lines.
    pub(crate) fn header_docs(&self) -> impl Iterator<Item = Range<usize>> {
        let docs = self.attributes.iter().filter(|attribute| {
            matches!(attribute.style, AttrStyle::Inner(_)) && attribute.path().is_ident("doc")
        });
        docs.enumerate().map(|(index, doc)| {
            let Range { start, end } = doc.span().byte_range();
            // Its newline goes with a line, except with the first, where the new header has one to end with.
            (if index == 0 { start } else { start - 1 })..end
        })
    }

    /// Where more imports can follow.
    pub(crate) fn end_of_uses(&self) -> usize {
        let mut pieces = self.pieces.iter();
        let last = pieces.rfind(|piece| matches!(piece.item, Item::Use(_)));
        last.map_or_else(
            || {
                let header = self.attributes.last();
                header.map_or(0, |last| last.span().byte_range().end)
            },
            |piece| piece.range.end,
        )
    }

    /// Where more items can follow: before the footer, which is what brings the hidden tests, a `mod` or the call
    /// of a macro.
    pub(crate) fn end_of_items(&self) -> usize {
        let is_footer = |piece: &&Piece| match &piece.item {
            Item::Mod(module) => module.content.is_none(),
            Item::Macro(call) => call.ident.is_none(),
            _ => false,
        };
        let first = self.pieces.iter().rev().take_while(is_footer).last();
        let end = first.map_or(self.text.len(), |piece| piece.range.start);
        self.text[..end].trim_end().len()
    }
}

impl Piece {
    /// The line that the item begins in, from 1.
    pub(crate) fn line(&self) -> usize {
        self.item.span().start().line
    }

    pub(crate) fn inherent_impl(&self) -> Option<&ItemImpl> {
        match &self.item {
            Item::Impl(block) if block.trait_.is_none() => Some(block),
            _ => None,
        }
    }

    /// Whether it is changed from within instead of as a whole.
    pub(crate) fn is_merged(&self) -> bool {
        let is_module = matches!(&self.item, Item::Mod(module) if module.content.is_some());
        is_module || self.inherent_impl().is_some()
    }
}

impl Name {
    /// The word, if it is one that an import can bring as well.
    pub(crate) fn plain(&self) -> Option<&str> {
        match self {
            Self::Type(name) | Self::Value(name) | Self::Macro(name) => Some(name),
            Self::Impl { .. } => None,
        }
    }
}

fn name(item: &Item) -> Option<Name> {
    Some(match item {
        Item::Struct(item) => Name::Type(item.ident.to_string()),
        Item::Enum(item) => Name::Type(item.ident.to_string()),
        Item::Union(item) => Name::Type(item.ident.to_string()),
        Item::Type(item) => Name::Type(item.ident.to_string()),
        Item::Trait(item) => Name::Type(item.ident.to_string()),
        Item::Mod(item) => Name::Type(item.ident.to_string()),
        Item::Fn(item) => Name::Value(item.sig.ident.to_string()),
        Item::Static(item) => Name::Value(item.ident.to_string()),
        Item::Const(item) if item.ident != "_" => Name::Value(item.ident.to_string()),
        Item::Macro(item) => Name::Macro(item.ident.as_ref()?.to_string()),
        Item::Impl(item) => {
            let mut what = tokens(&item.self_ty);
            if let Some((interface, _)) = &item.trait_ {
                what = format!("{} for {what}", tokens(interface));
            }
            Name::Impl {
                of: self_type(item),
                what,
            }
        }
        _ => return None,
    })
}

/// The name of the type that a block is for, without its parameters.
pub(crate) fn self_type(block: &ItemImpl) -> String {
    let last = match &*block.self_ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    };
    last.map_or_else(
        || tokens(&block.self_ty),
        |segment| segment.ident.to_string(),
    )
}

/// What a method, or another item of an `impl` block, is called.
pub(crate) fn name_of_member(item: &ImplItem) -> Option<Name> {
    Some(match item {
        ImplItem::Fn(item) => Name::Value(item.sig.ident.to_string()),
        ImplItem::Const(item) => Name::Value(item.ident.to_string()),
        ImplItem::Type(item) => Name::Type(item.ident.to_string()),
        _ => return None,
    })
}

/// A text that is the same for the same code, however it is laid out.
pub(crate) fn tokens(code: &impl ToTokens) -> String {
    code.to_token_stream().to_string()
}
