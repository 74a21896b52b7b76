//! What a whole answer has otherwise than the reference, as a module inside of the reference's.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::Item;

use crate::{
    Mistake,
    source::{Name, Piece, Source, tokens},
};

/// The items of `answer` that differ from the reference's, and all that name one of them. For the rest, they use the
/// reference's own: a module with this text has to be a child of the module with the reference. So what many answers
/// have in common is compiled once.
///
/// # Errors
///
/// One of them isn't Rust.
pub fn beside(reference: &str, answer: &str) -> Result<String, Mistake> {
    let reference =
        Source::parse(reference).map_err(|(line, message)| Mistake::Reference { line, message })?;
    let answer =
        Source::parse(answer).map_err(|(line, message)| Mistake::Overlay { line, message })?;
    let mut text = answer.header().unwrap_or_default().to_owned();
    text.push_str("\nuse super::*;\n");
    for piece in differing(&reference, &answer) {
        text.push('\n');
        text.push_str(answer.text(piece));
        text.push('\n');
    }
    Ok(text)
}

/// The names of the items that [`beside`] takes over, and of those in modules that both have.
///
/// # Errors
///
/// One of the texts isn't Rust.
pub fn differing_names(reference: &str, answer: &str) -> Result<Names, Mistake> {
    let reference =
        Source::parse(reference).map_err(|(line, message)| Mistake::Reference { line, message })?;
    let answer =
        Source::parse(answer).map_err(|(line, message)| Mistake::Overlay { line, message })?;
    let mut names = Names::default();
    for piece in differing(&reference, &answer) {
        if let Some(module) = answer.module(piece)
            && let Some(theirs) = reference.module_named(&module.name)
        {
            let inner = differing_names(theirs.text, module.text)?;
            names.values.extend(inner.values);
            names.has_types |= inner.has_types;
            continue;
        }
        match &piece.name {
            Some(Name::Value(name)) => drop(names.values.insert(name.clone())),
            Some(Name::Type(_) | Name::Impl { .. }) => names.has_types = true,
            _ => {}
        }
    }
    Ok(names)
}

/// What differs between two texts.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Names {
    /// The functions, constants and statics.
    pub values: HashSet<String>,
    /// Whether types differ, or what they implement.
    pub has_types: bool,
}

/// Imports and the footer, too: they are as good for a part as for the whole.
fn differing<'a>(reference: &Source<'_>, answer: &'a Source<'_>) -> Vec<&'a Piece> {
    let known: HashSet<(String, String)> = reference
        .pieces
        .iter()
        .filter_map(|piece| Some((key(piece.name.as_ref()?), tokens(&piece.item))))
        .collect();
    let is_known = |piece: &Piece| {
        let name = piece.name.as_ref();
        name.is_some_and(|name| known.contains(&(key(name), tokens(&piece.item))))
    };
    let mut names = HashSet::new();
    let mut taken: Vec<bool> = answer.pieces.iter().map(|piece| !is_known(piece)).collect();
    for (piece, _) in std::iter::zip(&answer.pieces, &taken).filter(|(_, taken)| **taken) {
        names.extend(defined(piece));
    }
    // Until nothing is left that names one of them.
    loop {
        let mut any = false;
        for (piece, taken) in std::iter::zip(&answer.pieces, &mut taken) {
            let of = defined(piece);
            let depends = of.iter().any(|name| names.contains(name))
                || mentions(piece.item.to_token_stream(), &names);
            if !*taken && depends {
                *taken = true;
                any = true;
                names.extend(of);
            }
        }
        if !any {
            break;
        }
    }
    std::iter::zip(&answer.pieces, taken)
        .filter(|(_, taken)| *taken)
        .map(|(piece, _)| piece)
        .collect()
}

/// One name for an item, whatever kind of name it is.
fn key(name: &Name) -> String {
    format!("{name:?}")
}

/// The words by which others name an item. A block of methods is one with its type.
fn defined(piece: &Piece) -> Vec<String> {
    match (&piece.item, &piece.name) {
        (Item::Use(_), _) | (_, None) => Vec::new(),
        (_, Some(Name::Impl { of, .. })) => vec![of.clone()],
        (_, Some(name)) => name.plain().map(str::to_owned).into_iter().collect(),
    }
}

fn mentions(code: TokenStream, names: &HashSet<String>) -> bool {
    code.into_iter().any(|token| match token {
        TokenTree::Ident(word) => names.contains(&word.to_string()),
        TokenTree::Group(group) => mentions(group.stream(), names),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFERENCE: &str = "use std::fmt;\n\nstruct Pool;\n\nimpl Pool {\n    fn size(&self) {}\n}\n\nfn fetch() {}\n\n\
        fn other() {}\n\nfn app() {\n    vec![fetch()];\n}\n\nhidden_x::grade!();\n";

    fn module(from: &str, to: &str) -> String {
        assert!(REFERENCE.contains(from));
        beside(REFERENCE, &REFERENCE.replace(from, to)).expect("both are Rust")
    }

    #[test]
    fn what_differs_comes_with_its_callers_and_the_footer() {
        assert_eq!(
            module("fn fetch() {}", "fn fetch() {\n    1;\n}"),
            "\nuse super::*;\n\nuse std::fmt;\n\nfn fetch() {\n    1;\n}\n\nfn app() {\n    vec![fetch()];\n}\n\n\
             hidden_x::grade!();\n"
        );
    }

    #[test]
    fn a_type_comes_with_its_methods_and_methods_with_their_type() {
        let module = module(
            "fn size(&self) {}",
            "fn size(&self) -> u8 {\n        1\n    }",
        );
        assert!(module.contains("struct Pool;") && module.contains("-> u8"));
        assert!(!module.contains("fn other"));
    }
}
