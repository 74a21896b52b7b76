//! What the lessons and the book show as the compiler's words are the compiler's words.
//!
//! A compiler newer than the one that the workbook asks for may word the rest of a message in another way, or draw it
//! anew. It must refuse the same programs, with the same first line.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The compiler that belongs to the cargo which runs this test.
fn rustc() -> Command {
    let cargo = PathBuf::from(env::var_os("CARGO").expect("cargo runs this test"));
    Command::new(cargo.with_file_name(format!("rustc{}", env::consts::EXE_SUFFIX)))
}

/// Whether it is the one whose words are on file.
fn is_of_the_recorded_version() -> bool {
    let version = rustc().arg("--version").output();
    let version = version.expect("the compiler stands beside cargo").stdout;
    let recorded = format!("rustc {}.", env!("CARGO_PKG_RUST_VERSION"));
    version.starts_with(recorded.as_bytes())
}

/// What the compiler says of a program that it refuses.
fn said_of(program: &Path) -> String {
    let scratch = tempfile::tempdir().expect("the system has a temporary folder");
    let output = rustc()
        .args(["--edition", "2024", "--crate-type", "lib"])
        .args(["--emit", "metadata", "--color", "never", "--out-dir"])
        .arg(scratch.path())
        .arg(program.file_name().expect("it is a file"))
        .current_dir(program.parent().expect("it is in a folder"))
        .env_remove("RUSTC_LOG")
        .output()
        .expect("the compiler stands beside cargo");
    assert!(!output.status.success(), "{} compiles", program.display());
    String::from_utf8(output.stderr)
        .expect("the compiler writes UTF-8")
        .replace("\r\n", "\n")
}

/// Every program of the folder whose words are shown: `unpin.rs` has them in `unpin.stderr`.
fn are_shown(folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = fs::read_dir(&folder).expect("the folder is there");
    let files = files.map(|entry| entry.expect("read the folder").path());
    let shown: Vec<_> = files
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "stderr")
        })
        .collect();
    assert!(!shown.is_empty(), "{} shows nothing", folder.display());
    let recorded = is_of_the_recorded_version();
    for file in shown {
        let said = said_of(&file.with_extension("rs"));
        if env::var_os("UPDATE_COMPILER").is_some() {
            fs::write(&file, &said).expect("the clone can be written");
        }
        let words = fs::read_to_string(&file).expect("the words are there");
        let words = words.replace("\r\n", "\n");
        let first = |text: &str| text.lines().next().map(str::to_owned);
        assert_eq!(first(&words), first(&said), "{}", file.display());
        if recorded {
            assert_eq!(
                words,
                said,
                "{} has other words by now: UPDATE_COMPILER=1 cargo test --test compiler",
                file.display()
            );
        }
    }
}

#[test]
fn the_lesson_on_pitfalls_quotes_the_compiler() {
    are_shown("examples/17_pitfalls");
}

#[test]
fn the_page_on_messages_quotes_the_compiler() {
    are_shown("book/code/messages/refused");
}
