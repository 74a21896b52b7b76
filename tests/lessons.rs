//! Every lesson, run on the virtual clock, prints exactly what the book shows of it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use async_workbook::{
    clock,
    timeline::{self, Drawing, Style, Timeline},
};
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

/// The workbook shows the code beside the output.
#[test]
fn the_code_that_is_shown_with_a_lesson_is_found_beside_what_it_prints() {
    let course = Course::open(root()).expect("this is the workbook");
    for chapter in course.chapters() {
        let printed = printed(lesson(&chapter.slug).env(clock::VARIABLE, "virtual"));
        let mut transcript = workbook::lesson::Transcript::new(&course, chapter);
        let parts = printed.lines().flat_map(|line| transcript.take(line));
        let shown = parts.filter(|part| matches!(part, workbook::lesson::Part::Code(_)));
        assert_eq!(shown.count(), chapter.lesson.code.len(), "{}", chapter.slug);
        for code in &chapter.lesson.code {
            let own = chapter.example();
            let file = code.file.as_deref().unwrap_or(&own);
            let included = format!("{}:{}", file.display(), code.anchor);
            workbook::page::include(root(), &included).unwrap_or_else(|error| panic!("{error}"));
        }
        for term in &chapter.lesson.terms {
            assert!(
                printed.contains(&term.word),
                "{}: {}",
                chapter.slug,
                term.word
            );
        }
    }
}

/// The book draws its pictures from these timelines.
#[test]
fn the_timelines_that_a_lesson_draws_are_those_that_it_prints() {
    let course = Course::open(root()).expect("this is the workbook");
    for slug in course.chapters().iter().map(|chapter| &chapter.slug) {
        let as_text = printed(lesson(slug).env(clock::VARIABLE, "virtual"));
        let as_json = printed(
            lesson(slug)
                .env(clock::VARIABLE, "virtual")
                .env(timeline::VARIABLE, "json"),
        );
        let drawn: Vec<Drawing> = as_json
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();

        let mut between = String::new();
        let mut rest = as_text.as_str();
        for (index, drawing) in drawn.iter().enumerate() {
            let text = drawing.text(&Style::unicode(Style::DEFAULT_WIDTH));
            let Some((before, after)) = rest.split_once(&text) else {
                panic!("{slug} does not print timeline {}:\n{text}", index + 1);
            };
            between += before;
            rest = after;
        }
        between += rest;
        let bars = ['━', '┄', '▲', '╳', '█'];
        assert!(!between.contains(bars), "{slug} draws more:\n{between}");
        if drawn.is_empty() {
            let left = root().join(format!("tests/snapshots/timelines__{slug}.snap"));
            assert!(!left.exists(), "{} has no lesson any more", left.display());
            continue;
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        let rows = drawn.iter().map(|drawing| match drawing {
            Drawing::Timeline(timeline) => a_row_a_line(timeline),
            Drawing::Gauge(gauge) => json(gauge) + "\n",
        });
        let rows: String = rows.collect();
        settings.bind(|| {
            insta::assert_snapshot!(format!("timelines__{slug}"), rows, slug.as_str());
        });
    }
}

/// As JSON, of which a difference shows what is different.
fn a_row_a_line(timeline: &Timeline) -> String {
    let rows: Vec<String> = timeline.rows.iter().map(json).collect();
    format!(
        "{{\"total\":{},\"left_out\":{},\"rows\":[\n{}\n]}}\n",
        json(&timeline.total),
        timeline.left_out,
        rows.join(",\n")
    )
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("a timeline is plain data")
}

/// What a program prints that ends well.
fn printed(command: &mut Command) -> String {
    let output = command.output().expect("it was just built");
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).expect("lessons print UTF-8")
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
