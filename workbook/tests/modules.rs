//! The plan of the house: what `lib.rs` says of the modules is so.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The modules that each module of the library imports.
type Imports = BTreeMap<String, Vec<String>>;

#[test]
fn the_map_names_every_module_and_each_imports_only_what_stands_before_it() {
    let map = map();
    let imports = imports();
    let mut named = map.clone();
    named.sort();
    assert_eq!(
        named,
        imports.keys().cloned().collect::<Vec<_>>(),
        "the map of lib.rs beside the files"
    );
    for (module, imported) in &imports {
        let floor = |module| map.iter().position(|named| named == module);
        for other in imported {
            assert!(
                floor(other) <= floor(module),
                "{module} imports {other}, which stands above it in the map of lib.rs"
            );
        }
    }
}

#[test]
fn no_command_is_imported_by_another_module() {
    let imports = imports();
    let importers = imports
        .iter()
        .filter(|(module, imported)| {
            *module != "commands" && imported.iter().any(|other| other == "commands")
        })
        .map(|(module, _)| module)
        .collect::<Vec<_>>();
    assert_eq!(importers, [""; 0]);
    for file in files(&source().join("commands")) {
        // A command's own tests stand below it.
        let text = read(&file).replace("use super::*;", "");
        for path in ["super::", "crate::commands", "commands::"] {
            assert!(!text.contains(path), "{} names {path}", file.display());
        }
    }
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The modules in the order in which the documentation of `lib.rs` lists them.
fn map() -> Vec<String> {
    let text = read(&source().join("lib.rs"));
    let entries = text
        .lines()
        .filter_map(|line| line.strip_prefix("//! - [`"));
    entries
        .map(|entry| {
            let name = entry.split('`').next().unwrap_or_default();
            name.trim_start_matches("mod@").to_owned()
        })
        .collect()
}

/// A module is `name.rs` and whatever stands in the folder `name`.
fn imports() -> Imports {
    let mut imports = Imports::new();
    for file in files(&source()) {
        let path = file
            .strip_prefix(source())
            .expect("the walk began in the source folder");
        let first = path.iter().next().unwrap_or_default().to_string_lossy();
        let module = first.trim_end_matches(".rs").to_owned();
        if module == "lib" || module == "main" {
            continue;
        }
        imports
            .entry(module)
            .or_default()
            .extend(imported(&read(&file)));
    }
    imports
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the source folder can be read");
    entries
        .map(|entry| entry.expect("the source folder can be read").path())
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// The first names after each `crate::`, those of a group too.
fn imported(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for after in text.split("crate::").skip(1) {
        let Some(group) = after.strip_prefix('{') else {
            names.push(word(after));
            continue;
        };
        let mut depth = 1;
        let mut start = true;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => start = true,
                c if start && depth == 1 && !c.is_whitespace() => {
                    names.push(word(&group[at..]));
                    start = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    names
}

fn word(text: &str) -> String {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    text[..end.unwrap_or(text.len())].to_owned()
}
