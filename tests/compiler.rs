//! What the lesson of chapter 17 shows as the compiler's words are the compiler's words.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/17_pitfalls")
}

/// What the compiler says of a program that it refuses.
fn said_of(program: &str) -> String {
    let cargo = PathBuf::from(env::var_os("CARGO").expect("cargo runs this test"));
    let rustc = cargo.with_file_name(format!("rustc{}", env::consts::EXE_SUFFIX));
    let scratch = tempfile::tempdir().expect("the system has a temporary folder");
    let output = Command::new(rustc)
        .args([
            "--edition",
            "2024",
            "--crate-type",
            "lib",
            "--emit",
            "metadata",
        ])
        .args(["--color", "never", "--out-dir"])
        .arg(scratch.path())
        .arg(program)
        .current_dir(folder())
        .env_remove("RUSTC_LOG")
        .output()
        .expect("the compiler stands beside cargo");
    assert!(!output.status.success(), "{program} compiles");
    String::from_utf8(output.stderr)
        .expect("the compiler writes UTF-8")
        .replace("\r\n", "\n")
}

fn is_shown(program: &str, code: &str) {
    let said = said_of(program);
    assert!(said.contains(code), "{said}");
    let file = folder().join(program).with_extension("stderr");
    if env::var_os("UPDATE_COMPILER").is_some() {
        fs::write(&file, &said).expect("the clone can be written");
    }
    let shown = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        shown.replace("\r\n", "\n"),
        said,
        "the compiler has other words by now: UPDATE_COMPILER=1 cargo test --test compiler"
    );
}

#[test]
fn an_await_in_a_plain_function_is_refused_in_these_words() {
    is_shown("await_in_a_plain_fn.rs", "error[E0728]");
}

#[test]
fn a_future_that_nobody_awaits_is_refused_in_these_words() {
    is_shown(
        "un_awaited.rs",
        "unused implementer of `Future` that must be used",
    );
}
