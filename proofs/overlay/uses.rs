//! `use` items, taken apart.

use syn::{ItemUse, UseTree};

use crate::source::tokens;

/// One name that a `use` item brings.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Import {
    /// Attributes and visibility.
    before: String,
    /// From the first segment to the last, which may be `*` or `self`.
    path: String,
    /// The name that it has here: `_` and `*` are none.
    binding: String,
}

impl Import {
    pub(crate) fn binding(&self) -> &str {
        &self.binding
    }

    /// Whether it means something else by the other's name.
    pub(crate) fn shadows(&self, other: &Self) -> bool {
        self.binding == other.binding && self.is_named() && self.path != other.path
    }

    fn is_named(&self) -> bool {
        !matches!(self.binding.as_str(), "_" | "*")
    }
}

/// The names that an item brings.
pub(crate) fn imports(item: &ItemUse) -> Vec<Import> {
    let mut before: String = item.attrs.iter().map(|a| tokens(a) + "\n").collect();
    let visibility = tokens(&item.vis);
    if !visibility.is_empty() {
        before += &(visibility + " ");
    }
    let root = if item.leading_colon.is_some() {
        "::"
    } else {
        ""
    };
    let mut imports = Vec::new();
    expand(&item.tree, root, &before, &mut imports);
    imports
}

fn expand(tree: &UseTree, prefix: &str, before: &str, imports: &mut Vec<Import>) {
    let mut add = |path: String, binding: String| {
        // `use a::{self}` is `use a`.
        let path = path
            .strip_suffix("::self")
            .map_or(path.clone(), str::to_owned);
        let binding = match binding.as_str() {
            "self" => path.rsplit("::").next().unwrap_or_default().to_owned(),
            _ => binding,
        };
        imports.push(Import {
            before: before.to_owned(),
            path,
            binding,
        });
    };
    match tree {
        UseTree::Path(path) => {
            expand(
                &path.tree,
                &format!("{prefix}{}::", path.ident),
                before,
                imports,
            );
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                expand(tree, prefix, before, imports);
            }
        }
        UseTree::Name(name) => add(format!("{prefix}{}", name.ident), name.ident.to_string()),
        UseTree::Rename(rename) => add(
            format!("{prefix}{}", rename.ident),
            rename.rename.to_string(),
        ),
        UseTree::Glob(_) => add(format!("{prefix}*"), "*".to_owned()),
    }
}

/// A line for each.
pub(crate) fn lines<'a>(imports: impl Iterator<Item = &'a Import>) -> String {
    let lines: Vec<String> = imports.map(line).collect();
    lines.join("\n")
}

fn line(import: &Import) -> String {
    let Import {
        before,
        path,
        binding,
    } = import;
    if binding == path.rsplit("::").next().unwrap_or_default() {
        format!("{before}use {path};")
    } else {
        format!("{before}use {path} as {binding};")
    }
}
