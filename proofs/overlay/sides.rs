//! What an overlay has otherwise than its reference, for readers who compare the two.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{ImplItem, Item, ItemImpl, spanned::Spanned as _};

use crate::{
    Mistake,
    modules::Module,
    source::{Name, Piece, Source, name_of_member, self_type},
};

/// Code of a wrong answer, and code of the same names from its reference.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sides {
    /// The items of the overlay, without imports and whatever is the reference's as well.
    pub wrong: String,
    /// The reference's items, and the methods of its types, that these take the places of. `None` if all of them are new.
    pub right: Option<String>,
    /// The functions and methods among those of the reference, in their order.
    pub functions: Vec<String>,
}

/// A reference that many overlays are compared with.
pub struct Reference<'a>(Source<'a>);

impl<'a> Reference<'a> {
    /// Reads the text of a reference.
    ///
    /// # Errors
    ///
    /// It isn't Rust.
    pub fn parse(text: &'a str) -> Result<Self, Mistake> {
        let source = Source::parse(text);
        let source = source.map_err(|(line, message)| Mistake::Reference { line, message })?;
        Ok(Self(source))
    }

    /// Reads what differs in an overlay.
    ///
    /// # Errors
    ///
    /// It isn't Rust.
    pub fn sides(&self, overlay: &str) -> Result<Sides, Mistake> {
        let overlay =
            Source::parse(overlay).map_err(|(line, message)| Mistake::Overlay { line, message })?;
        let wrong = Side::of(&overlay, &self.0, &|_| true);
        let right = Side::of(&self.0, &overlay, &|key| wrong.keys.contains(key));
        Ok(Sides {
            wrong: wrong.text(),
            right: Some(right.text()).filter(|text| !text.is_empty()),
            functions: right.functions,
        })
    }
}

/// The type that something belongs to, if it does, and its name.
type Key = (Option<String>, Name);

/// The parts of one text that differ from those of another.
#[derive(Default)]
struct Side {
    texts: Vec<String>,
    keys: HashSet<Key>,
    functions: Vec<String>,
}

impl Side {
    /// Only what `is_wanted` counts, by its key; a block that implements a trait counts with its type.
    fn of(source: &Source<'_>, other: &Source<'_>, is_wanted: &dyn Fn(&Key) -> bool) -> Self {
        let mut side = Self::default();
        for piece in &source.pieces {
            let Some(name) = &piece.name else { continue };
            if let Some(module) = source.module(piece)
                && let Some(theirs) = other.module_named(&module.name)
            {
                side.add_module(&module, &theirs, is_wanted);
                continue;
            }
            if let Some(block) = piece.inherent_impl() {
                side.add_methods(source, other, block, is_wanted);
                continue;
            }
            let key = (None, name.clone());
            let known = |theirs: &Piece| {
                theirs.name.as_ref() == Some(name) && code(&theirs.item) == code(&piece.item)
            };
            if !is_wanted(&key) || other.pieces.iter().any(known) {
                continue;
            }
            side.texts.push(source.text(piece).to_owned());
            side.keys.insert(key);
            if let Item::Fn(function) = &piece.item {
                side.functions.push(function.sig.ident.to_string());
            }
        }
        side
    }

    /// What differs in a module that both have, below the name of its file.
    fn add_module(
        &mut self,
        module: &Module<'_>,
        theirs: &Module<'_>,
        is_wanted: &dyn Fn(&Key) -> bool,
    ) {
        let (Ok(source), Ok(other)) = (Source::parse(module.text), Source::parse(theirs.text))
        else {
            // Both are parts of what is Rust.
            return;
        };
        let named = |(of, name): &Key| {
            let of = of.as_deref().unwrap_or_default();
            (Some(format!("{}::{of}", module.name)), name.clone())
        };
        let inner = Self::of(&source, &other, &|key| is_wanted(&named(key)));
        if inner.texts.is_empty() {
            return;
        }
        self.texts
            .push(format!("// {}.rs\n\n{}", module.name, inner.text()));
        self.keys.extend(inner.keys.iter().map(named));
        self.functions.extend(inner.functions);
    }

    fn add_methods(
        &mut self,
        source: &Source<'_>,
        other: &Source<'_>,
        block: &ItemImpl,
        is_wanted: &dyn Fn(&Key) -> bool,
    ) {
        let of = self_type(block);
        let theirs: Vec<&ImplItem> = other
            .pieces
            .iter()
            .filter_map(Piece::inherent_impl)
            .filter(|theirs| self_type(theirs) == of)
            .flat_map(|theirs| &theirs.items)
            .collect();
        let mut members = Vec::new();
        for item in &block.items {
            let Some(name) = name_of_member(item) else {
                continue;
            };
            let key = (Some(of.clone()), name);
            let is_known = theirs.iter().any(|theirs| code(*theirs) == code(item));
            if !is_wanted(&key) || is_known {
                continue;
            }
            members.push(source.slice(source.range_of(item.span())));
            if let ImplItem::Fn(method) = item {
                self.functions.push(method.sig.ident.to_string());
            }
            self.keys.insert(key);
        }
        if members.is_empty() {
            return;
        }
        let from = block.impl_token.span.byte_range().start;
        let to = block.brace_token.span.open().byte_range().end;
        let (head, members) = (source.slice(from..to), members.join("\n\n    "));
        self.texts.push(format!("{head}\n    {members}\n}}"));
    }

    fn text(&self) -> String {
        self.texts.join("\n\n")
    }
}

/// A text that is the same for the same code, however it is laid out and whatever is said of it.
fn code(item: &impl ToTokens) -> String {
    let mut text = String::new();
    write_code(item.to_token_stream(), &mut text);
    text
}

fn write_code(stream: TokenStream, text: &mut String) {
    let mut tokens = stream.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_doc = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#')
            && matches!(tokens.peek(), Some(TokenTree::Group(group)) if begins_with_doc(group.stream()));
        if is_doc {
            tokens.next();
            continue;
        }
        match token {
            TokenTree::Group(group) => {
                text.push_str(&format!("{:?}", group.delimiter()));
                write_code(group.stream(), text);
                text.push_str(" end ");
            }
            token => text.push_str(&format!("{token} ")),
        }
    }
}

fn begins_with_doc(stream: TokenStream) -> bool {
    matches!(stream.into_iter().next(), Some(TokenTree::Ident(word)) if word == "doc")
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFERENCE: &str = "use a::b;\n\nstruct Pool(u8);\n\nimpl Pool {\n    fn size(&self) -> u8 {\n        self.0\n    }\n\n    \
        /// Takes one.\n    fn take(&self) {}\n}\n\n/// Why.\nfn fetch() {\n    b();\n}\n\nfn other() {}\n\nhidden_x::grade!();\n";

    #[track_caller]
    fn check(overlay: &str, wrong: &str, right: Option<&str>, functions: &[&str]) {
        let reference = Reference::parse(REFERENCE).expect("it is Rust");
        let sides = reference.sides(overlay).expect("it is Rust");
        assert_eq!(sides.wrong, wrong);
        assert_eq!(sides.right.as_deref(), right);
        assert_eq!(sides.functions, functions);
    }

    #[test]
    fn a_function_is_beside_the_one_of_its_name() {
        check(
            "//! No call.\n\nuse c::d;\n\nfn fetch() {}\n",
            "fn fetch() {}",
            Some("/// Why.\nfn fetch() {\n    b();\n}"),
            &["fetch"],
        );
    }

    #[test]
    fn methods_that_are_the_same_are_left_out() {
        check(
            "impl Pool {\n    fn size(&self) -> u8 {\n        self.0\n    }\n\n    fn take(&self) {\n        loop {}\n    }\n}\n",
            "impl Pool {\n    fn take(&self) {\n        loop {}\n    }\n}",
            Some("impl Pool {\n    /// Takes one.\n    fn take(&self) {}\n}"),
            &["take"],
        );
    }

    #[test]
    fn what_is_said_of_code_makes_it_no_other() {
        let overlay = "/// Otherwise.\nfn fetch() {\n    b();\n}\n\nfn other() {\n    loop {}\n}\n";
        check(
            overlay,
            "fn other() {\n    loop {}\n}",
            Some("fn other() {}"),
            &["other"],
        );
    }

    #[test]
    fn what_differs_in_a_module_stands_below_the_name_of_its_file() {
        let reference = "mod store {\nfn open() {}\n\nfn close() {}\n}\n";
        let sides = Reference::parse(reference).expect("it is Rust");
        let sides = sides.sides("mod store {\nfn open() {\n    loop {}\n}\n}\n");
        let sides = sides.expect("it is Rust");
        assert_eq!(sides.wrong, "// store.rs\n\nfn open() {\n    loop {}\n}");
        assert_eq!(sides.right.as_deref(), Some("// store.rs\n\nfn open() {}"));
        assert_eq!(sides.functions, ["open"]);
    }

    #[test]
    fn what_is_new_has_nothing_beside_it() {
        check("fn help() {}\n", "fn help() {}", None, &[]);
    }
}
