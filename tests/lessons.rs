//! Every lesson, run on the virtual clock, prints exactly what the book shows of it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use async_workbook::clock;
use workbook::{course::Course, grade::forget_outer_cargo};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Builds a lesson (a moment's work where `cargo test` has done so already) and returns the program:
/// running a program that merely lies in the target folder could test an old one.
fn build(slug: &str) -> PathBuf {
    let cargo = std::env::var_os("CARGO").expect("cargo runs this test");
    let mut command = Command::new(cargo);
    forget_outer_cargo(&mut command);
    let output = command
        .args([
            "build",
            "--quiet",
            "--message-format=json",
            "--example",
            slug,
        ])
        .current_dir(root())
        .output()
        .expect("cargo can be started");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let program = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == slug)
        .find_map(|message| Some(PathBuf::from(message["executable"].as_str()?)));
    program.expect("cargo names the program it built")
}

fn lesson(slug: &str) -> Command {
    let mut command = Command::new(build(slug));
    command
        .env_remove("TERM")
        .env_remove("COLUMNS")
        .env_remove("LC_ALL")
        .env_remove("LC_CTYPE")
        .env_remove("LANG");
    command
}

#[test]
fn every_lesson_prints_exact_figures_on_the_virtual_clock() {
    let course = Course::open(root()).expect("this is the workbook");
    for chapter in course.chapters() {
        let output = lesson(&chapter.slug)
            .env(clock::VARIABLE, "virtual")
            .output()
            .expect("it was just built");
        assert!(output.status.success(), "{}", chapter.slug);
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            "",
            "{}",
            chapter.slug
        );
        let printed = String::from_utf8(output.stdout).expect("lessons print UTF-8");
        assert!(
            printed.contains(&chapter.prediction.shown),
            "{}: the lesson does not show `{}`",
            chapter.slug,
            chapter.prediction.shown
        );
        insta::assert_snapshot!(chapter.slug.as_str(), printed, chapter.slug.as_str());
    }
}

#[test]
fn an_unknown_clock_is_refused_with_what_to_type() {
    let output = lesson("03_gather")
        .env(clock::VARIABLE, "sundial")
        .output()
        .expect("it was just built");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("WORKBOOK_CLOCK=sundial"), "{said}");
    assert!(said.contains("`virtual`"), "{said}");
}
