use std::{fs, path::Path};

use super::*;

const REFERENCE: &str = "\
//! The reference.

use std::{sync::Arc, time::Duration};

use tokio::time::{sleep, timeout};

/// How long.
const LIMIT: Duration = Duration::from_secs(1);

/// Fetches.
// Quickly.
#[must_use]
pub fn fetch() -> u8 {
    1
}

pub struct Pool {
    size: u8,
}

impl Pool {
    /// Makes one.
    pub fn new() -> Self {
        Self { size: 1 }
    }

    pub fn get(&self) -> u8 {
        self.size
    }
}

impl Drop for Pool {
    fn drop(&mut self) {}
}

#[cfg(test)]
#[path = \"../exercises/hidden/03_gather.rs\"]
mod hidden;
";

/// What a composed file has in place of a part of the reference, everything else being the same.
#[track_caller]
fn assert_composed(overlay: &str, changes: &[(&str, &str)]) {
    let mut expected = REFERENCE.to_owned();
    for (old, new) in changes {
        assert_eq!(expected.matches(old).count(), 1, "{old}");
        expected = expected.replace(old, new);
    }
    let composed = compose(REFERENCE, overlay).expect("the overlay is right");
    assert_eq!(composed, expected);
    syn::parse_file(&composed).expect("it is Rust");
}

#[test]
fn a_function_takes_the_place_of_its_namesake_with_comments_and_attributes() {
    assert_composed(
        "//! Wrong.\n//!\n//! Very.\n\n// Slowly.\npub fn fetch() -> u8 {\n    2 // or 3\n}\n",
        &[
            ("//! The reference.", "//! Wrong.\n//!\n//! Very."),
            (
                "/// Fetches.\n// Quickly.\n#[must_use]\npub fn fetch() -> u8 {\n    1\n}",
                "// Slowly.\npub fn fetch() -> u8 {\n    2 // or 3\n}",
            ),
        ],
    );
}

#[test]
fn a_text_that_is_not_all_ascii_is_cut_where_it_should_be() {
    let reference = "// “é”\nfn a() {}\n\n/// → ok\nfn b() {}\n";
    let composed = compose(reference, "/// ≠\nfn b() { /* ü */ }").expect("it is right");
    assert_eq!(composed, "// “é”\nfn a() {}\n\n/// ≠\nfn b() { /* ü */ }\n");
}

#[test]
fn a_method_takes_the_place_of_its_namesake_and_others_stay() {
    assert_composed(
        "impl Pool {\n    /// Wrong.\n    pub fn get(&self) -> u8 {\n        0\n    }\n\n    fn more(&self) {}\n}\n",
        &[(
            "    pub fn get(&self) -> u8 {\n        self.size\n    }\n",
            "    /// Wrong.\n    pub fn get(&self) -> u8 {\n        0\n    }\n\n    fn more(&self) {}\n",
        )],
    );
}

#[test]
fn a_type_that_is_defined_anew_loses_what_the_reference_implements_for_it() {
    assert_composed(
        "pub struct Pool;\n\nimpl Pool {\n    pub fn new() -> Self {\n        Self\n    }\n}\n",
        &[
            ("pub struct Pool {\n    size: u8,\n}", "pub struct Pool;"),
            (
                "    /// Makes one.\n    pub fn new() -> Self {\n        Self { size: 1 }\n    }\n\n    \
                 pub fn get(&self) -> u8 {\n        self.size\n    }\n",
                "    pub fn new() -> Self {\n        Self\n    }\n",
            ),
            ("\n\nimpl Drop for Pool {\n    fn drop(&mut self) {}\n}", ""),
        ],
    );
}

#[test]
fn an_implementation_of_a_trait_is_replaced_as_a_whole() {
    assert_composed(
        "impl Drop for Pool {\n    fn drop(&mut self) {\n        self.size = 0;\n    }\n}\n",
        &[(
            "    fn drop(&mut self) {}",
            "    fn drop(&mut self) {\n        self.size = 0;\n    }",
        )],
    );
}

#[test]
fn a_block_with_another_head_has_its_methods_to_itself() {
    let reference = "struct Of<T>(T);\n\nimpl<T> Of<T> {\n    fn a() {}\n\n    fn b() {}\n}\n";
    let overlay = "impl<T: Clone> Of<T> {\n    fn b() {}\n}\n";
    assert_eq!(
        compose(reference, overlay).expect("it is right"),
        "struct Of<T>(T);\n\nimpl<T> Of<T> {\n    fn a() {}\n}\n\nimpl<T: Clone> Of<T> {\n    fn b() {}\n}\n"
    );
}

#[test]
fn imports_are_added_unless_they_are_there() {
    assert_composed(
        "use std::{sync::Arc, thread};\n\nuse futures::StreamExt as _;\nuse futures::prelude::*;\nuse tokio::time::timeout;\n\nconst LIMIT: u8 = 1;\n",
        &[
            (
                "use tokio::time::{sleep, timeout};",
                "use tokio::time::{sleep, timeout};\nuse std::thread;\nuse futures::StreamExt as _;\nuse futures::prelude::*;",
            ),
            (
                "/// How long.\nconst LIMIT: Duration = Duration::from_secs(1);",
                "const LIMIT: u8 = 1;",
            ),
        ],
    );
}

#[test]
fn an_import_wins_over_the_reference_and_so_does_an_item() {
    assert_composed(
        "use std::thread::{self as time, sleep};\n\nfn timeout() {}\n",
        &[
            (
                "use tokio::time::{sleep, timeout};",
                "\nuse std::thread::{self as time, sleep};",
            ),
            ("\n\n#[cfg(test)]", "\n\nfn timeout() {}\n\n#[cfg(test)]"),
        ],
    );
    assert_composed(
        "use other::{LIMIT, Pool};\n",
        &[
            ("timeout};", "timeout};\nuse other::{LIMIT, Pool};"),
            (
                "\n\n/// How long.\nconst LIMIT: Duration = Duration::from_secs(1);",
                "",
            ),
            ("\n\npub struct Pool {\n    size: u8,\n}", ""),
            (
                "\n\nimpl Pool {\n    /// Makes one.\n    pub fn new() -> Self {\n        Self { size: 1 }\n    }\n\n    \
                 pub fn get(&self) -> u8 {\n        self.size\n    }\n}",
                "",
            ),
            ("\n\nimpl Drop for Pool {\n    fn drop(&mut self) {}\n}", ""),
        ],
    );
}

#[test]
fn new_items_stand_before_the_footer_and_macros_before_all() {
    assert_composed(
        "#![allow(dead_code)]\n\nfn helper() {}\n\n/// Twice.\nmacro_rules! twice {\n    () => {};\n}\n\nenum New {}\n",
        &[
            ("//! The reference.", "#![allow(dead_code)]"),
            (
                "timeout};",
                "timeout};\n\n/// Twice.\nmacro_rules! twice {\n    () => {};\n}",
            ),
            (
                "\n\n#[cfg(test)]",
                "\n\nfn helper() {}\n\nenum New {}\n\n#[cfg(test)]",
            ),
        ],
    );
}

#[test]
fn the_footer_may_be_the_call_of_a_macro() {
    let composed = compose("fn a() {}\n\ngather::grade!();\n", "fn b() {}");
    assert_eq!(
        composed.expect("it is right"),
        "fn a() {}\n\nfn b() {}\n\ngather::grade!();\n"
    );
}

#[test]
fn a_mistake_names_its_line_and_item() {
    let mistake = |overlay| {
        compose(REFERENCE, overlay)
            .expect_err("it is wrong")
            .to_string()
    };
    assert_eq!(
        mistake("//! Wrong.\n"),
        "it has no item, and so differs in nothing from the reference"
    );
    assert_eq!(
        mistake("fn a() {}\n\nfn {}\n"),
        "line 3: expected identifier"
    );
    assert_eq!(
        mistake("fn a() {}\n\nmod hidden;\n"),
        "line 3: `mod hidden;` comes from the reference: remove it here"
    );
    assert_eq!(
        mistake("\nimpl Pond {}\n"),
        "line 2: `impl Pond`: neither the overlay nor the reference defines `Pond`"
    );
}

#[test]
fn an_error_names_the_file_that_has_it() {
    let root = std::env::temp_dir().join("overlay-names-the-file");
    let wrong = root.join("solutions/wrong/03_gather");
    fs::create_dir_all(&wrong).expect("there is room");
    let overlay = wrong.join("slow.rs");
    fs::write(&overlay, "mod hidden;").expect("there is room");
    fs::write(root.join("solutions/03_gather.rs"), REFERENCE).expect("there is room");
    let error = || {
        compose_file(&root, &overlay)
            .expect_err("it is wrong")
            .to_string()
    };
    assert!(
        error().contains("slow.rs: line 1: `mod hidden;`"),
        "{}",
        error()
    );
    fs::write(root.join("solutions/03_gather.rs"), "fn (").expect("there is room");
    assert!(
        error().contains("solutions/03_gather.rs: line 1: "),
        "{}",
        error()
    );
    fs::remove_file(root.join("solutions/03_gather.rs")).expect("it is there");
    assert!(error().contains("solutions/03_gather.rs: "), "{}", error());
    fs::remove_dir_all(&root).expect("it is there");
    let error = compose_file(&root, Path::new("slow.rs")).expect_err("it is wrong");
    assert!(
        error.to_string().contains("named after its chapter"),
        "{error}"
    );
}

#[test]
fn each_function_is_an_overlay_of_its_own() {
    let functions = functions(REFERENCE).expect("it is Rust");
    let names: Vec<&str> = functions
        .iter()
        .map(|function| function.name.as_str())
        .collect();
    assert_eq!(names, ["fetch", "new", "get"]);
    for function in &functions {
        let composed = compose(REFERENCE, &function.overlay());
        assert_eq!(composed.expect("it is right"), REFERENCE);
        assert!(!function.is_hole());
    }
    assert_composed(
        &functions[2].with_body(" todo!() "),
        &[(
            "get(&self) -> u8 {\n        self.size\n    }",
            "get(&self) -> u8 { todo!() }",
        )],
    );
}

/// An answer with two modules, one in a folder of its own.
fn answer_of_several_files() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("make a temporary folder");
    for (file, text) in [
        (
            "main.rs",
            "//! The answer.\n\nmod store;\npub use store::open;\n\nhidden_x::grade!();\n",
        ),
        (
            "store.rs",
            "//! Keeps.\n\nmod row;\n\npub fn open() -> u8 {\n    row::one()\n}\n",
        ),
        ("store/row.rs", "pub fn one() -> u8 {\n    1\n}\n"),
    ] {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("make a folder");
        fs::write(path, text).expect("write a file");
    }
    folder
}

#[test]
fn the_modules_of_a_folder_stand_in_one_text() {
    let folder = answer_of_several_files();
    let text = read_answer(&folder.path().join("main.rs")).expect("read the answer");
    assert_eq!(
        text,
        "//! The answer.\n\nmod store {\n//! Keeps.\n\nmod row {\npub fn one() -> u8 {\n    1\n}\n}\n\npub fn open() -> u8 {\n    \
         row::one()\n}\n}\npub use store::open;\n\nhidden_x::grade!();\n"
    );
    syn::parse_file(&text).expect("it is Rust");
}

#[test]
fn an_item_of_a_module_takes_the_place_of_its_namesake() {
    let folder = answer_of_several_files();
    let text = read_answer(&folder.path().join("main.rs")).expect("read the answer");
    let overlay = "//! Two.\n\nmod store {\n    mod row {\n        pub fn one() -> u8 {\n            2\n        }\n    }\n}\n";
    let composed = compose(&text, overlay).expect("the overlay is right");
    syn::parse_file(&composed).expect("it is Rust");
    assert!(composed.starts_with("//! Two.\n"), "{composed}");
    assert!(composed.contains("            2\n"), "{composed}");
    assert!(!composed.contains("    1\n"), "{composed}");
    assert!(composed.contains("row::one()"), "{composed}");
    let names = differing_names(&text, &composed).expect("both are Rust");
    assert!(
        names.values.contains("one") && !names.has_types,
        "{names:?}"
    );
}

#[test]
fn functions_of_modules_are_overlays_of_their_own() {
    let folder = answer_of_several_files();
    let text = read_answer(&folder.path().join("main.rs")).expect("read the answer");
    let found = functions(&text).expect("it is Rust");
    let names: Vec<_> = found
        .iter()
        .map(|function| function.name.as_str())
        .collect();
    assert_eq!(names, ["open", "one"]);
    let overlay = found[1].with_body("\n    3\n");
    assert_eq!(
        overlay,
        "mod store {\nmod row {\npub fn one() -> u8 {\n    3\n}\n}\n}\n"
    );
    let composed = compose(&text, &overlay).expect("the overlay is right");
    assert!(composed.contains("    3\n"), "{composed}");
}
