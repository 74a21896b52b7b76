//! `workbook doctor`: looks at what the workbook needs, and says what to do where something is amiss.

use std::process::Stdio;

use async_workbook::timeline::Charset;
use clap::Parser;
use real_servers::Store as Server;
use tokio::process::Command;

use crate::{
    console::{self, Output},
    course::{Chapter, Course},
    editor::Editor,
    error::Error,
    exit::Exit,
    grade::Cargo,
    interrupt,
    progress::Store,
    saves,
    text::{Text, bad, good, plain, quiet},
};

/// The oldest Rust that compiles the workbook.
const RUST: &str = env!("CARGO_PKG_RUST_VERSION");

/// How much disk space the course needs once everything is built, in GiB.
const SPACE: u64 = 3;

/// Checks what the workbook needs: toolchain, disk, editor, terminal, and how it notices saves. Also says which database
/// servers are here.
#[derive(Clone, Debug, Parser)]
#[command(after_help = "\
Examples:
  cargo run -- doctor

Exit status: 0 if you can use the workbook, 3 if not.")]
pub struct Doctor {}

/// What was found of one thing.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Finding {
    /// It is as it should be.
    Good(String),
    /// The workbook can do without.
    Note(String),
    /// It cannot.
    Bad(String),
}

use Finding::{Bad, Good, Note};

impl Doctor {
    /// Looks at everything, and prints a line for each.
    pub async fn run(&self) -> Exit {
        interrupt::until_interrupted(examine()).await
    }
}

async fn examine() -> Result<Exit, Error> {
    let course = Course::here()?;
    let (toolchain, events) = tokio::join!(toolchain(), file_events(&course));
    let findings = [
        ("toolchain", toolchain),
        ("disk", disk(&course)),
        ("exercises", exercises(&course)),
        ("progress", progress(&course)),
        ("editor", editor()),
        ("saves", events),
        ("terminal", terminal()),
        ("python3", python()),
        (
            "stores",
            stores(Server::ALL.map(|server| (server, server.find().is_some()))),
        ),
    ];
    let out = Output::open();
    let is_unicode = out.style.charset == Charset::Unicode;
    let mut text = Text::default();
    for (what, finding) in &findings {
        let (sign, words) = match (finding, is_unicode) {
            (Good(words), true) => (good("✓"), words),
            (Good(words), false) => (good("+"), words),
            (Note(words), _) => (quiet("!"), words),
            (Bad(words), true) => (bad("✗"), words),
            (Bad(words), false) => (bad("x"), words),
        };
        let what = plain(format!(" {what:10}  "));
        text.add(Text::under([sign, what], words.as_str()));
    }
    out.print(text)?;
    let is_bad = findings
        .iter()
        .any(|(_, finding)| matches!(finding, Bad(_)));
    Ok(if is_bad {
        Exit::Environment
    } else {
        Exit::Passed
    })
}

async fn toolchain() -> Finding {
    let program = Cargo::program();
    let output = Command::new(&program)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .await;
    let said = match output {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        }
        Ok(output) => {
            return Bad(format!(
                "`{} --version` ended with {}: reinstall Rust from https://rustup.rs",
                program.display(),
                output.status
            ));
        }
        Err(error) => {
            return Bad(format!(
                "cannot start {} ({error}): install Rust from https://rustup.rs",
                program.display()
            ));
        }
    };
    match said.split(' ').nth(1).map(parts) {
        Some(version) if version >= parts(RUST) => Good(said),
        _ => Bad(format!(
            "{said} is too old: run `rustup update` to get {RUST} or later"
        )),
    }
}

/// The numbers of a version.
fn parts(version: &str) -> Vec<u32> {
    let numbers = version.split('-').next().unwrap_or_default();
    numbers
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect()
}

fn disk(course: &Course) -> Finding {
    match fs4::available_space(course.root()) {
        Ok(bytes) => {
            let gib = bytes >> 30;
            let words = format!("{gib} GiB free");
            if gib >= SPACE {
                Good(words)
            } else {
                Bad(format!(
                    "{words}, but everything together takes {SPACE} GiB: run `cargo clean`, or set CARGO_TARGET_DIR to a folder on another disk"
                ))
            }
        }
        Err(error) => Note(format!("cannot tell how much space is free ({error})")),
    }
}

fn exercises(course: &Course) -> Finding {
    let missing: Vec<String> = course
        .chapters()
        .iter()
        .filter(|chapter| is_incomplete(course, chapter))
        .map(|chapter| chapter.number().to_owned())
        .collect();
    match missing.first() {
        None => Good(format!(
            "{} chapters, each with its file",
            course.chapters().len()
        )),
        Some(first) => Note(format!(
            "the file is missing for {}: `cargo run -- reset {first}` brings {first} back",
            missing.join(", ")
        )),
    }
}

/// Whether a file that the exercise came with is no longer there.
fn is_incomplete(course: &Course, chapter: &Chapter) -> bool {
    let originals = chapter.original_files(course.root()).unwrap_or_default();
    originals.iter().any(|original| {
        let below = original
            .strip_prefix("exercises/original")
            .unwrap_or(original);
        !course.root().join("exercises").join(below).is_file()
    })
}

fn progress(course: &Course) -> Finding {
    let store = Store::of(course);
    match store.update(|_| ()) {
        Ok(opened) => match opened.recovery {
            None => Good(format!("kept in {}", store.file().display())),
            Some(recovery) => Note(recovery.to_string()),
        },
        Err(error) => Bad(error.to_string()),
    }
}

fn editor() -> Finding {
    match Editor::find() {
        Some(editor) if editor.is_there() => Good(format!(
            "{}, found through {}",
            editor.name(),
            editor.found_by
        )),
        Some(editor) => Note(format!(
            "{} names {}, which is not on your PATH: install it, or name another editor",
            editor.found_by,
            editor.name()
        )),
        None => Note(
            "none found: set VISUAL or EDITOR, or put `code`, `vi` or `nano` on your PATH".into(),
        ),
    }
}

async fn file_events(course: &Course) -> Finding {
    match saves::events_come(course).await {
        Ok(()) => Good("the system reports them".into()),
        Err(why) => Note(format!(
            "{why}; the workbook checks the files four times a second instead"
        )),
    }
}

fn terminal() -> Finding {
    if !console::is_interactive() {
        return Note(
            "none here, or TERM=dumb: `cargo run` prints the list of chapters, and all other commands work".into(),
        );
    }
    let (columns, rows) = crossterm::terminal::size().unwrap_or_default();
    let words = format!("{columns} columns, {rows} rows");
    if columns < 60 || rows < 16 {
        Note(format!("{words}; make it 60 by 16 or larger to read well"))
    } else {
        Good(words)
    }
}

fn python() -> Finding {
    match which::which("python3") {
        Ok(path) => Good(format!(
            "{}, to try the Python beside the Rust",
            path.display()
        )),
        Err(_) => Note("not found; only the Python programs of the book need it".into()),
    }
}

/// What the optional programs of chapter 14 run on.
fn stores(found: [(Server, bool); 3]) -> Finding {
    let names = |wanted| {
        let named = found.iter().filter(|(_, is_here)| *is_here == wanted);
        let names: Vec<_> = named.map(|(server, _)| server.to_string()).collect();
        names.join(", ")
    };
    match (names(true), names(false)) {
        (here, none) if none.is_empty() => Good(format!("{here}, to try chapter 14 on")),
        (none, _) if none.is_empty() => Note(
            "no server found; chapter 14 uses SQLite, and only its optional programs need one"
                .into(),
        ),
        (here, missing) => Good(format!(
            "{here}, to try chapter 14 on (not found, and not needed: {missing})"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stores_that_are_here_are_named_and_the_others_are_not_needed() {
        let found = |here: [bool; 3]| {
            let [a, b, c] = Server::ALL;
            stores([(a, here[0]), (b, here[1]), (c, here[2])])
        };
        let Good(all) = found([true; 3]) else {
            panic!("that's fine")
        };
        assert_eq!(all, "PostgreSQL, MariaDB, Redis, to try chapter 14 on");
        let Good(some) = found([true, false, true]) else {
            panic!("that's fine")
        };
        assert!(
            some.starts_with("PostgreSQL, Redis, to try") && some.ends_with("MariaDB)"),
            "{some}"
        );
        assert!(matches!(found([false; 3]), Note(_)));
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(parts("1.100.0") > parts("1.95"));
        assert!(parts("1.95.0-nightly") >= parts("1.95"));
        assert!(parts("1.94.9") < parts("1.95"));
    }
}
