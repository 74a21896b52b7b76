//! The functions of a file, each as an overlay of its own.

use std::ops::Range;

use syn::{Block, ImplItem, Item, spanned::Spanned as _};

use crate::source::{Piece, Source, tokens};

/// A function or a method.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Function {
    /// Its name, without that of its type.
    pub name: String,
    text: String,
    /// Where its body is in its text, without the braces.
    body: Range<usize>,
    /// What is before the brace of the `impl` block that it is in.
    block: Option<String>,
    /// The modules that it is in, from the outside.
    modules: Vec<String>,
}

impl Function {
    /// What is between its braces.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.text[self.body.clone()]
    }

    /// Whether it belongs to a type.
    #[must_use]
    pub fn is_method(&self) -> bool {
        self.block.is_some()
    }

    /// Whether it is yet to be written.
    #[must_use]
    pub fn is_hole(&self) -> bool {
        self.body().contains("todo!(")
    }

    /// An overlay that has it, and nothing else.
    #[must_use]
    pub fn overlay(&self) -> String {
        self.in_block(&self.text)
    }

    /// An overlay that has it with another body.
    #[must_use]
    pub fn with_body(&self, body: &str) -> String {
        let Range { start, end } = self.body;
        let (before, after) = (&self.text[..start], &self.text[end..]);
        self.in_block(&format!("{before}{body}{after}"))
    }

    fn in_block(&self, text: &str) -> String {
        let text = match &self.block {
            Some(block) => format!("{block} {{\n    {text}\n}}\n"),
            None => format!("{text}\n"),
        };
        let modules = self.modules.iter().rev();
        modules.fold(text, |text, module| format!("mod {module} {{\n{text}}}\n"))
    }
}

/// The functions of a file, and the methods of its types, in the order in which they are written. Those of
/// traits are left out, and those in a module come after those around it.
///
/// # Errors
///
/// The text isn't Rust: the line, and what the parser says.
pub fn functions(text: &str) -> Result<Vec<Function>, (usize, String)> {
    functions_in(text, &[])
}

fn functions_in(text: &str, modules: &[String]) -> Result<Vec<Function>, (usize, String)> {
    let source = Source::parse(text)?;
    let mut functions = Vec::new();
    for piece in &source.pieces {
        if let Item::Fn(item) = &piece.item {
            let name = item.sig.ident.to_string();
            let range = piece.range.clone();
            functions.push(cut(&source, name, range, &item.block, None));
        }
        for item in piece.inherent_impl().iter().flat_map(|block| &block.items) {
            if let ImplItem::Fn(method) = item {
                let name = method.sig.ident.to_string();
                let range = source.range_of(item.span());
                let head = head(piece);
                functions.push(cut(&source, name, range, &method.block, head));
            }
        }
    }
    for function in &mut functions {
        function.modules = modules.to_vec();
    }
    for module in source
        .pieces
        .iter()
        .filter_map(|piece| source.module(piece))
    {
        let inner = [modules, &[module.name]].concat();
        functions.extend(functions_in(module.text, &inner)?);
    }
    Ok(functions)
}

fn cut(
    source: &Source<'_>,
    name: String,
    range: Range<usize>,
    body: &Block,
    block: Option<String>,
) -> Function {
    let braces = body.brace_token.span;
    let open = braces.open().byte_range().end;
    let close = braces.close().byte_range().start;
    Function {
        name,
        body: open - range.start..close - range.start,
        text: source.slice(range).to_owned(),
        block,
        modules: Vec::new(),
    }
}

fn head(piece: &Piece) -> Option<String> {
    let mut block = piece.inherent_impl()?.clone();
    block.attrs.clear();
    block.items.clear();
    let head = tokens(&block);
    Some(head.trim_end_matches(['{', '}', ' ']).to_owned())
}
