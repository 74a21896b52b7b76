//! The workbook in a real pseudo-terminal, as a learner has it: keys, saves, signals, and what is left behind.

#![cfg(unix)]

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use overlay::compose;
use proofs::{
    scratch::{Scratch, is_running, workbook},
    terminal::{self, CommandBuilder, Terminal},
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use workbook::{course::Course, progress::Store};

const CTRL_C: &str = "\u{3}";
const CTRL_Z: &str = "\u{1a}";
const ENTER: &str = "\r";
const ESCAPE: &str = "\u{1b}";
const DOWN: &str = "\u{1b}[B";
const UP: &str = "\u{1b}[A";
const PAGE_DOWN: &str = "\u{1b}[6~";
const BACK_TAB: &str = "\u{1b}[Z";
const F12: &str = "\u{1b}[24~";

const PASSED: &str = "The chapter is passed";

/// A copy of the workbook with one chapter or more, as a fresh clone has it.
struct Clone {
    scratch: Scratch,
    stubs: Vec<PathBuf>,
}

impl Clone {
    fn new(chapters: &[&str]) -> Self {
        let course = Course::open(&workbook()).expect("this is the workbook");
        let mut scratch = Scratch::new().expect("the target folder can be written");
        let stubs = chapters
            .iter()
            .map(|chapter| {
                let chapter = course.chapter(chapter).expect("there is such a chapter");
                scratch
                    .add_chapter(chapter)
                    .expect("the target folder can be written")
            })
            .collect();
        scratch.grader().expect("the target folder can be written");
        Self { scratch, stubs }
    }

    fn root(&self) -> &Path {
        self.scratch.root()
    }

    fn command(&self, arguments: &[&str]) -> CommandBuilder {
        let mut command = terminal::command(env!("CARGO_BIN_EXE_workbook"), self.root());
        command.args(arguments);
        // Whatever editor this machine has, no test opens it.
        command.env("VISUAL", "no-such-editor");
        command.env("CARGO_TARGET_DIR", self.scratch.target_dir());
        command
    }

    /// The workbook in a terminal of 80 columns and 30 rows.
    fn start(&self) -> Terminal {
        start(self.command(&[]))
    }

    /// The workbook beyond its welcome, with the first chapter graded.
    fn start_at_chapter(&self) -> Terminal {
        let mut terminal = self.start();
        terminal.wait_for("is ready: press Enter");
        terminal.type_keys(ENTER);
        terminal.wait_for("h hint");
        terminal
    }

    fn save(&self, text: &str) {
        fs::write(&self.stubs[0], text).expect("the copy is ours");
    }
}

fn start(command: CommandBuilder) -> Terminal {
    Terminal::start(command, 80, 30).expect("there are terminals")
}

fn read(file: &str) -> String {
    fs::read_to_string(workbook().join(file)).expect("it is there")
}

fn solution() -> String {
    read("solutions/03_gather.rs").replace("../exercises/hidden", "hidden")
}

/// A wrong answer, whose other tasks are not started.
fn wrong() -> String {
    let overlay = read("solutions/wrong/03_gather/awaits_in_a_loop.rs");
    compose(&read("exercises/original/03_gather.rs"), &overlay).expect("it fits the stub")
}

/// An answer that never ends, and tells its process number in the file `running`.
fn endless() -> String {
    let text = solution();
    let changed = text.replace(
        "join_all(paths.iter().map(|path| upstream.fetch(path))).await",
        "let _ = (upstream, paths); std::fs::write(\"running\", std::process::id().to_string()).unwrap(); loop { std::hint::spin_loop() }",
    );
    assert_ne!(
        text, changed,
        "the reference of chapter 03 was rewritten; this has to be as well"
    );
    changed
}

/// Looks again and again; what does not come within a minute never will.
fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..12_000 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(5));
    }
    panic!("{what}: it never came");
}

#[test]
fn the_first_start_welcomes_and_every_save_is_graded() {
    let clone = Clone::new(&["03"]);
    let mut terminal = clone.start();
    let welcome = terminal.wait_for("is ready: press Enter");
    for step in ["lesson", "exercise", "quiz", "bench"] {
        assert!(welcome.contains(step), "{welcome}");
    }
    terminal.type_keys(ENTER);
    let fresh = terminal.wait_for("h hint");
    assert!(
        fresh.contains("exercises/03_gather.rs") && fresh.contains("not started"),
        "{fresh}"
    );

    clone.save(&wrong());
    let verdict = terminal.wait_for("awaits in a loop");
    assert!(
        verdict.contains("━") && verdict.contains("Expected"),
        "{verdict}"
    );

    clone.save(&solution());
    let passed = terminal.wait_for(PASSED);
    for said in [
        "Proved",
        "Before: awaits in a loop",
        "Now",
        "1 of 1 chapters",
    ] {
        assert!(passed.contains(said), "{said}: {passed}");
    }
    assert!(!passed.contains("What happened"), "{passed}");

    terminal.type_keys("x");
    assert_eq!(terminal.wait(), 0);
    let left = terminal.wait_for("03 Gather: 3 of 3 passed");
    assert!(!terminal.is_taken(), "{left}");

    // The second start remembers, and has no welcome.
    let again = clone.start();
    let text = again.wait_for(PASSED);
    assert!(text.contains("s solution"), "{text}");
}

#[test]
fn a_save_wins_over_whatever_is_under_way() {
    let clone = Clone::new(&["03"]);
    let mut terminal = clone.start_at_chapter();
    let running = clone.root().join("running");
    drop(fs::remove_file(&running));

    clone.save(&endless());
    let first = wait_for("the endless answer", || {
        fs::read_to_string(&running).ok()?.parse().ok()
    });
    // While it hangs, every key does what it always does.
    terminal.wait_for("save to start again");
    terminal.type_keys("?");
    terminal.wait_for("the next hint for the task");
    terminal.type_keys(ESCAPE);
    terminal.type_keys("l");
    terminal.wait_for("Chapters");
    terminal.type_keys(ESCAPE);
    terminal.wait_for("h hint");

    clone.save(&solution());
    terminal.wait_for(PASSED);
    wait_for("the end of the endless answer", || {
        (!is_running(first)).then_some(())
    });
    let graded = Store::in_folder(clone.root().join(".workbook"));
    terminal.type_keys("x");
    assert_eq!(terminal.wait(), 0);
    let progress = graded.open().expect("it can be read").progress;
    let course = Course::open(clone.root()).expect("it is a workbook");
    assert!(progress.passed(&course.chapters()[0]), "{progress:?}");
}

#[test]
fn a_save_during_the_build_is_not_dropped() {
    let clone = Clone::new(&["03"]);
    let mut terminal = clone.start_at_chapter();
    // One save after another, none of which waits for the verdict on the one before.
    for round in 0..5 {
        clone.save(&format!("{}// {round}\n", wrong()));
        terminal.wait_for("grading");
        clone.save(&format!("{}// {round}\n", solution()));
        if round < 4 {
            terminal.wait_for(PASSED);
        }
    }
    let text = terminal.wait_for(PASSED);
    assert!(!text.contains("awaits in a loop"), "{text}");
    terminal.type_keys("x");
    assert_eq!(terminal.wait(), 0);
}

#[test]
fn every_key_does_what_it_says() {
    let clone = Clone::new(&["03"]);
    let mut terminal = clone.start_at_chapter();

    for hint in [
        "2 more, if you ask again",
        "1 more, if you ask again",
        "those are all of them",
    ] {
        terminal.type_keys("h");
        terminal.wait_for(hint);
    }
    terminal.type_keys("h");
    terminal.wait_for("there are no more hints for fetch_all");
    terminal.type_keys("s");
    terminal.wait_for("once you have passed the chapter");
    terminal.type_keys("n");
    terminal.wait_for("every other chapter is passed");
    terminal.type_keys("b");
    terminal.wait_for("Gather: overlap the waits");
    terminal.type_keys(PAGE_DOWN);
    terminal.wait_until_gone("Gather: overlap the waits");
    terminal.type_keys(ESCAPE);
    terminal.wait_for("h hint");
    terminal.type_keys("e");
    terminal.wait_for("cannot start no-such-editor");
    terminal.type_keys("v");
    terminal.wait_for("You haven't answered any questions yet");

    terminal.type_keys("r");
    terminal.wait_for("How long do they take when they are");
    terminal.type_keys("0.x\u{7f}5 s");
    terminal.wait_for("> 0.5 s");
    terminal.type_keys(ENTER);
    terminal.wait_for("Right: 0.5 s. All three bars start at 0");
    terminal.type_keys(ESCAPE);
    terminal.wait_for("h hint");

    clone.save(&wrong());
    terminal.wait_for("awaits in a loop");
    terminal.type_keys("b");
    terminal.wait_until("begins with the section on the mistake", |screen| {
        screen.contents().starts_with("Awaits in a loop")
    });
    clone.save(&solution());
    terminal.wait_for(PASSED);
    terminal.type_keys("h");
    terminal.wait_for("every task of this chapter is passed");
    terminal.type_keys("s");
    terminal.wait_for("solutions/03_gather.rs");
    terminal.type_keys(ESCAPE);
    terminal.type_keys("x");
    assert_eq!(terminal.wait(), 0);
}

#[test]
fn the_quiz_explains_at_once_and_brings_back_what_was_missed() {
    let clone = Clone::new(&["03"]);
    let mut terminal = clone.start_at_chapter();
    let quiz = quiz::Quiz::read(&clone.root().join("quiz/03_gather.toml")).expect("it is there");
    terminal.type_keys("q");
    for (number, question) in (1..).zip(&quiz.questions) {
        terminal.wait_for(&format!("Question {number} of {}", quiz.questions.len()));
        // The first is missed.
        let answer = if number == 1 {
            let choices = question.choices();
            let wrong = choices
                .iter()
                .find(|choice| **choice != question.right_answer());
            (*wrong.expect("it has wrong answers")).to_owned()
        } else if question.right_answer() == "it does not compile" {
            "error".to_owned()
        } else {
            question.right_answer()
        };
        terminal.type_keys(&answer.replace('\n', " "));
        terminal.type_keys(ENTER);
        let said = terminal.wait_for(if number == 1 { "Not quite." } else { "Right." });
        let first_words: String = question.context.chars().take(30).collect();
        assert!(said.contains(&first_words), "{first_words}: {said}");
        if number < quiz.questions.len() {
            terminal.type_keys(ENTER);
        }
    }
    terminal.wait_for(&format!(
        "{} of {} right",
        quiz.questions.len() - 1,
        quiz.questions.len()
    ));
    terminal.type_keys(ESCAPE);
    terminal.wait_for("h hint");
    terminal.type_keys("l");
    terminal.wait_for(&format!(
        "quiz {} of {}",
        quiz.questions.len() - 1,
        quiz.questions.len()
    ));
    terminal.type_keys(ESCAPE);
    terminal.type_keys("v");
    terminal.wait_for("No question is due. The next comes back in");
    terminal.type_keys("x");
    assert_eq!(terminal.wait(), 0);

    let store = Store::in_folder(clone.root().join(".workbook"));
    let mut progress = store.open().expect("it can be read").progress;
    let missed = progress
        .questions
        .remove(&quiz.questions[0].id)
        .expect("it was answered");
    let known = progress
        .questions
        .values()
        .map(|known| known.card.due)
        .min();
    assert!(
        Some(missed.card.due) < known,
        "what was missed comes back first"
    );
}

/// What is wrong with a handler of the bug hunt is for the learner to find: no screen tells it before it was changed.
#[test]
fn no_screen_tells_a_fault_of_the_bug_hunt_beforehand() {
    let clone = Clone::new(&["17"]);
    // What takes longest is compiled here, where nothing waits for a screen.
    let mut check = std::process::Command::new(env!("CARGO_BIN_EXE_workbook"));
    check.args(["check", "17"]).current_dir(clone.root());
    check.env("CARGO_TARGET_DIR", clone.scratch.target_dir());
    check.env_remove("CARGO_MANIFEST_DIR");
    let checked = check.output().expect("it was just built");
    assert_eq!(checked.status.code(), Some(1), "{checked:?}");

    let editor = clone.root().join("nano");
    write_program(&editor, "#!/bin/sh\necho \"editing $*.\"\nread answer\n");
    let mut command = clone.command(&[]);
    command.env("VISUAL", &editor);
    let mut terminal = start(command);
    let mut screens = terminal.wait_for("as it came");
    terminal.type_keys("\t");
    screens += &terminal.wait_for("Try next");
    // Hints are for the handler that is looked at.
    terminal.type_keys("\t\th");
    screens += &terminal.wait_for("Hints for cover");
    terminal.type_keys("l");
    screens += &terminal.wait_for("cover: the cover of a book");
    terminal.type_keys(ESCAPE);
    terminal.wait_for("h hint");
    let original = read("exercises/original/17_pitfalls.rs");
    let course = Course::open(&workbook()).expect("this is the workbook");
    let chapter = course.chapter("17").expect("it is there");
    for planted in chapter
        .tasks
        .iter()
        .filter_map(|task| task.planted.as_deref())
    {
        let name = planted.replace('_', " ");
        assert!(!screens.contains(&name), "{name}: {screens}");
    }

    let begin = "    let client = new_client();\n    ask(&client";
    assert!(original.contains(begin), "the stub's `cover` was rewritten");
    let changed = original.replacen(begin, &format!("    // One for each.\n{begin}"), 1);
    clone.save(&changed);
    terminal.wait_until("tells one verdict and no other", |screen| {
        let screen = screen.contents();
        screen.contains("wrong: client per request")
            && screen.matches("not started, line").count() == 8
    });
    terminal.type_keys("e");
    let begins = |line: &str| line.starts_with("async fn cover(");
    let line = changed.lines().position(begins).expect("it is there") + 1;
    terminal.wait_for(&format!("editing +{line} "));
    terminal.type_keys("\r");
    // As it came again: what is worth reading is the report at the head of the file.
    terminal.wait_for("h hint");
    clone.save(&original);
    terminal.wait_until_gone("client per request");
    terminal.type_keys("e");
    terminal.wait_for("editing /");
    terminal.type_keys("\r");
    terminal.wait_for("h hint");
    terminal.type_keys("x");
    assert_eq!(terminal.wait(), 0);
}

#[test]
fn one_wrong_task_is_unfolded_at_a_time() {
    let clone = Clone::new(&["03"]);
    let mut terminal = clone.start_at_chapter();
    let twice_wrong = ["awaits_in_a_loop", "independent_calls_in_sequence"]
        .iter()
        .fold(solution(), |text, misconception| {
            let overlay = read(&format!("solutions/wrong/03_gather/{misconception}.rs"));
            compose(&text, &overlay).expect("fit an overlay to the reference")
        });
    clone.save(&twice_wrong);
    let unfolds = |terminal: &Terminal, misconception: &str| {
        let section = format!("#{misconception}");
        terminal.wait_until("unfolds one wrong task", |screen| {
            let screen = screen.contents();
            screen.contains(&section) && screen.matches("What happened").count() == 1
        })
    };
    let first = unfolds(&terminal, "awaits-in-a-loop");
    assert!(
        first.contains("wrong: independent calls in sequence"),
        "{first}"
    );
    terminal.type_keys("\t");
    let second = unfolds(&terminal, "independent-calls-in-sequence");
    assert!(second.contains("wrong: awaits in a loop"), "{second}");
    terminal.type_keys("\t");
    let third = terminal.wait_until_gone("What happened");
    assert!(third.contains("Proved"), "{third}");
    terminal.type_keys(BACK_TAB);
    unfolds(&terminal, "independent-calls-in-sequence");
    terminal.type_keys("x");
    assert_eq!(terminal.wait(), 0);
}

#[test]
fn the_list_is_searched_and_filtered() {
    let clone = Clone::new(&["03", "05"]);
    let mut terminal = start(clone.command(&["list"]));
    terminal.wait_for("▸ 03 Gather");
    terminal.type_keys("/");
    terminal.wait_for("Enter done");
    terminal.type_keys("lx");
    terminal.wait_for("no chapter mentions that");
    terminal.type_keys("\u{7f}\u{7f}JoinSet");
    terminal.wait_for("code: JoinSet");
    terminal.type_keys("\u{15}deadline has elapsed");
    terminal.wait_for("also known as: deadline has elapsed");
    terminal.type_keys("\u{15}awaits_in_a_loop");
    terminal.wait_for("mistake: Awaits in a loop");
    terminal.type_keys("\u{15}GATH");
    terminal.wait_for("▸ 03 Gather");
    terminal.type_keys(ENTER);
    terminal.wait_for("with `GATH`");
    terminal.type_keys("f");
    terminal.wait_for("chapters that you haven't passed");
    terminal.type_keys("f");
    terminal.wait_for("no chapter matches");
    terminal.type_keys("f");
    terminal.wait_for("all chapters");
    terminal.type_keys(ESCAPE);
    terminal.wait_for("05 Timeouts");
    terminal.type_keys("5");
    terminal.wait_for("▸ 05 Timeouts");
    terminal.type_keys("03");
    terminal.wait_for("▸ 03 Gather");
    terminal.type_keys(DOWN);
    terminal.type_keys(UP);
    terminal.type_keys(ENTER);
    terminal.wait_for("h hint");
    terminal.type_keys("x");
    assert_eq!(terminal.wait(), 0);
}

#[test]
fn a_new_size_is_laid_out_anew() {
    let clone = Clone::new(&["03"]);
    let mut terminal = clone.start_at_chapter();
    clone.save(&wrong());
    terminal.wait_for("awaits in a loop");
    terminal.resize(60, 20);
    let small = terminal.wait_for("more lines)");
    assert!(
        small.lines().all(|line| line.chars().count() <= 60),
        "{small}"
    );
    assert!(small.lines().count() <= 20, "{small}");
    terminal.type_keys(PAGE_DOWN);
    terminal.wait_for("Read");
    terminal.resize(100, 40);
    terminal.wait_until_gone("goes back");
    // A timeline is as wide as the terminal.
    let wide = terminal.wait_until("draws wider bars", |screen| {
        screen
            .contents()
            .lines()
            .any(|line| line.chars().count() > 85)
    });
    assert!(wide.contains("awaits in a loop"), "{wide}");
    for (columns, rows) in [(20, 5), (2, 2), (80, 30)] {
        terminal.resize(columns, rows);
    }
    terminal.wait_for("awaits in a loop");
    terminal.type_keys("x");
    assert_eq!(terminal.wait(), 0);
}

#[test]
fn ctrl_c_gives_the_terminal_back_also_while_something_hangs() {
    let clone = Clone::new(&["03"]);
    let mut terminal = clone.start_at_chapter();
    assert!(terminal.is_taken());
    let running = clone.root().join("running");
    drop(fs::remove_file(&running));
    clone.save(&endless());
    let answer = wait_for("the endless answer", || {
        fs::read_to_string(&running).ok()?.parse().ok()
    });
    terminal.type_keys(CTRL_C);
    assert_eq!(terminal.wait(), 130);
    terminal.wait_for("continues from here");
    assert!(!terminal.is_taken());
    wait_for("the end of the endless answer", || {
        (!is_running(answer)).then_some(())
    });
}

#[test]
fn being_asked_to_end_gives_the_terminal_back() {
    let clone = Clone::new(&["03"]);
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let mut terminal = clone.start();
        terminal.wait_for("quit");
        assert!(terminal.is_taken());
        let process = i32::try_from(terminal.process())
            .ok()
            .and_then(Pid::from_raw);
        kill_process(process.expect("it runs"), signal).expect("it runs");
        assert_eq!(terminal.wait(), 130, "{signal:?}");
        terminal.wait_for("continues from here");
        assert!(!terminal.is_taken(), "{signal:?}");
    }
}

#[test]
fn a_panic_gives_the_terminal_back_and_is_read() {
    let clone = Clone::new(&["03"]);
    let mut command = clone.command(&[]);
    command.env("WORKBOOK_PANIC", "1");
    let mut terminal = start(command);
    terminal.wait_for("quit");
    terminal.type_keys(F12);
    assert_eq!(terminal.wait(), 101);
    terminal.wait_for("F12 was pressed");
    assert!(!terminal.is_taken());
}

#[test]
fn ctrl_z_stops_it_and_it_goes_on_where_it_was() {
    let clone = Clone::new(&["03"]);
    let mut command = terminal::command("bash", clone.root());
    command.args(["--norc", "--noprofile", "-i"]);
    command.env("PS1", "shell> ");
    command.env("CARGO_TARGET_DIR", clone.scratch.target_dir());
    command.env("WORKBOOK", env!("CARGO_BIN_EXE_workbook"));
    let mut terminal = start(command);
    terminal.wait_for("shell>");
    terminal.type_keys("\"$WORKBOOK\"\r");
    terminal.wait_for("is ready: press Enter");
    terminal.type_keys(ENTER);
    terminal.wait_for("h hint");

    terminal.type_keys(CTRL_Z);
    let shell = terminal.wait_for("Stopped");
    assert!(!shell.contains("h hint"), "{shell}");
    terminal.type_keys("echo the shell is\" back\"\r");
    terminal.wait_for("the shell is back");

    terminal.type_keys("fg\r");
    terminal.wait_for("h hint");
    terminal.type_keys("?");
    terminal.wait_for("the next hint for the task");
    terminal.type_keys("x");
    terminal.wait_for("continues from here");
    terminal.type_keys("exit\r");
    assert_eq!(terminal.wait(), 0);
}

/// Writes a script that can be started.
fn write_program(file: &Path, script: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(file, script).expect("the copy is ours");
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).expect("the copy is ours");
}

#[test]
fn an_editor_in_the_terminal_is_given_it() {
    let clone = Clone::new(&["03"]);
    let folder = clone.root().join("bin");
    fs::create_dir_all(&folder).expect("the copy is ours");
    let nano = folder.join("nano");
    let script = "#!/bin/sh\necho \"editing $*\"\nread answer\necho \"you typed $answer\"\n";
    write_program(&nano, script);

    let mut command = clone.command(&[]);
    command.env("VISUAL", &nano);
    let mut terminal = start(command);
    terminal.wait_for("is ready: press Enter");
    terminal.type_keys(ENTER);
    terminal.wait_for("h hint");
    terminal.type_keys("e");
    let editing = terminal.wait_for("editing +");
    assert!(editing.contains("03_gather.rs"), "{editing}");
    assert!(!terminal.is_taken());
    // A save from inside the editor is graded once it has ended; its keys are its own.
    clone.save(&wrong());
    terminal.type_keys("x?l\r");
    let verdict = terminal.wait_for("awaits in a loop");
    assert!(verdict.contains("h hint"), "{verdict}");

    // After a wrong answer, it is opened at the function that is wrong.
    let text = wrong();
    let begins = |line: &str| line.starts_with("pub async fn fetch_all(");
    let line = text.lines().position(begins);
    let line = line.expect("find the function of the first task") + 1;
    terminal.type_keys("e");
    terminal.wait_for(&format!("editing +{line} "));
    terminal.type_keys("\r");
    terminal.wait_for("h hint");
    terminal.type_keys("x");
    assert_eq!(terminal.wait(), 0);
}

/// Elsewhere a page is opened by a program of the system that no test can stand in for.
#[cfg(target_os = "linux")]
#[test]
fn the_book_is_rendered_and_opened_in_the_browser() {
    let clone = Clone::new(&["03"]);
    let folder = clone.root().join("bin");
    fs::create_dir_all(&folder).expect("the copy is ours");
    // What renders the book is another package's business: in its place, a page has the URL `page:NAME`.
    let book = folder.join("book");
    let script = format!(
        "#!/bin/sh\nif [ -e '{broken}' ]; then echo 'there is no book' >&2; exit 1; fi\necho \"page:$2\"\n",
        broken = folder.join("broken").display(),
    );
    write_program(&book, &script);
    // Cargo, which has built it already.
    let cargo = folder.join("cargo");
    let built = json!({
        "reason": "compiler-artifact", "package_id": "book", "manifest_path": "/book/Cargo.toml", "features": [],
        "filenames": [], "executable": book, "fresh": true,
        "target": {
            "kind": ["bin"], "crate_types": ["bin"], "name": "book", "src_path": "/book/main.rs", "edition": "2024",
            "doc": true, "doctest": false, "test": true,
        },
        "profile": {
            "opt_level": "0", "debuginfo": 0, "debug_assertions": true, "overflow_checks": true, "test": false,
        },
    });
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in *\"--package book\"*) echo '{built}'; exit 0;;\nesac\nexec '{cargo}' \"$@\"\n",
        cargo = env!("CARGO"),
    );
    write_program(&cargo, &script);
    // The browser, of which no test opens a real one.
    let opened = folder.join("opened");
    let script = format!("#!/bin/sh\necho \"$*\" >> '{}'\n", opened.display());
    write_program(&folder.join("xdg-open"), &script);
    // It is let go once it is started, and may write its line a moment later.
    let wait_for_page = |page: &str| {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !fs::read_to_string(&opened).is_ok_and(|pages| pages.ends_with(page)) {
            assert!(Instant::now() < deadline, "{page} was never opened");
            thread::park_timeout(Duration::from_millis(2));
        }
    };

    let mut command = clone.command(&[]);
    let path = std::env::var("PATH").expect("cargo was found by it");
    command.env("PATH", format!("{}:{path}", folder.display()));
    command.env("DISPLAY", ":0");
    command.env("CARGO", &cargo);
    let mut terminal = start(command);
    terminal.wait_for("is ready: press Enter");
    terminal.type_keys(ENTER);
    terminal.wait_for("h hint");
    terminal.type_keys("b");
    terminal.wait_for("the page is in your browser");
    wait_for_page("page:03_gather\n");

    clone.save(&wrong());
    terminal.wait_for("awaits in a loop");
    terminal.type_keys("b");
    terminal.wait_for("the page is in your browser");
    wait_for_page("page:03_gather#awaits-in-a-loop\n");

    fs::write(folder.join("broken"), "").expect("the copy is ours");
    terminal.type_keys("b");
    terminal.wait_until("shows the section here, and why", |screen| {
        let here = screen.contents();
        here.contains("cannot show the page in a browser: there is no book")
            && here.contains("Awaits in a loop")
    });
    terminal.type_keys("x");
    assert_eq!(terminal.wait(), 0);
}

#[test]
fn without_events_of_the_system_saves_are_found_all_the_same() {
    let clone = Clone::new(&["03"]);
    let mut terminal = start(clone.command(&["watch", "--poll"]));
    terminal.wait_for("four times a second");
    terminal.wait_for("is ready: press Enter");
    terminal.type_keys(ENTER);
    terminal.wait_for("h hint");
    clone.save(&wrong());
    terminal.wait_for("awaits in a loop");
    terminal.type_keys("x");
    assert_eq!(terminal.wait(), 0);
}

#[test]
fn an_exercise_may_be_a_link_to_a_file_elsewhere() {
    let clone = Clone::new(&["03"]);
    let (stub, mine) = (&clone.stubs[0], clone.root().join("mine"));
    fs::create_dir_all(&mine).expect("the copy is ours");
    fs::rename(stub, mine.join("gather.rs")).expect("the copy is ours");
    std::os::unix::fs::symlink("../mine/gather.rs", stub).expect("the copy is ours");
    let mut terminal = clone.start_at_chapter();
    fs::write(mine.join("gather.rs"), wrong()).expect("the copy is ours");
    terminal.wait_for("awaits in a loop");

    fs::write(mine.join("solved.rs"), solution()).expect("the copy is ours");
    fs::remove_file(stub).expect("the copy is ours");
    std::os::unix::fs::symlink("../mine/solved.rs", stub).expect("the copy is ours");
    terminal.wait_for(PASSED);
    fs::write(mine.join("solved.rs"), wrong()).expect("the copy is ours");
    let verdict = terminal.wait_for("awaits in a loop");
    assert!(!verdict.contains("four times a second"), "{verdict}");
    terminal.type_keys("x");
    assert_eq!(terminal.wait(), 0);
}

#[test]
fn a_damaged_progress_file_is_told_and_kept() {
    let clone = Clone::new(&["03"]);
    let folder = clone.root().join(".workbook");
    fs::create_dir_all(&folder).expect("the copy is ours");
    fs::write(folder.join("progress.json"), "").expect("the copy is ours");
    let mut terminal = clone.start();
    let told = terminal.wait_for("to grade your answers again");
    assert!(told.contains(".workbook/progress.damaged-1.json"), "{told}");
    terminal.type_keys("x");
    assert_eq!(terminal.wait(), 0);
    assert!(folder.join("progress.damaged-1.json").exists());
}

#[test]
fn without_colours_there_are_none() {
    let clone = Clone::new(&["03"]);
    for (colours, name, value) in [(false, "NO_COLOR", "1"), (true, "UNRELATED", "1")] {
        let mut command = clone.command(&[]);
        command.env(name, value);
        let mut terminal = start(command);
        terminal.wait_for("quit");
        terminal.type_keys("x");
        terminal.wait();
        let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
        // SGR sequences end in `m`; those that move the cursor do not.
        let paints = raw.split("\u{1b}[").skip(1).any(|sequence| {
            let end = sequence.find(|c: char| c.is_ascii_alphabetic());
            end.is_some_and(|end| sequence[end..].starts_with('m'))
        });
        assert_eq!(paints, colours, "{name}: {raw:?}");
    }
}

#[test]
fn a_terminal_that_only_prints_is_told_of_each_save_in_lines_of_words() {
    let clone = Clone::new(&["03"]);
    let mut command = clone.command(&[]);
    command.env("TERM", "dumb");
    // Where this is set, colours are easily taken to be wanted.
    command.env("CI", "true");
    let mut terminal = start(command);
    terminal.wait_for("0 of 3 tasks passed, 0 wrong, 3 not started; save to grade again");
    assert!(!terminal.is_taken());

    let read = |file: &str| fs::read_to_string(workbook().join(file)).expect("it is there");
    let overlay = read("solutions/wrong/03_gather/awaits_in_a_loop.rs");
    let wrong = compose(&read("exercises/original/03_gather.rs"), &overlay);
    fs::write(&clone.stubs[0], wrong.expect("it fits the stub")).expect("the copy is ours");
    terminal.wait_for("0 of 3 tasks passed, 1 wrong");
    fs::write(&clone.stubs[0], read("solutions/03_gather.rs")).expect("the copy is ours");
    terminal.wait_for("3 of 3 tasks passed");
    terminal.type_keys(CTRL_C);
    assert_eq!(terminal.wait(), 130);

    let raw = terminal.raw();
    let text = String::from_utf8_lossy(&raw).replace("\r\n", "\n");
    assert!(text.is_ascii() && !text.contains('\u{1b}'), "{text}");
    // Some terminals show the key.
    insta::assert_snapshot!(text.trim_end().trim_end_matches("^C"));
}

/// Cargo, which first says how far it is, and waits until the file `go` is there. Returns the program and that file.
fn patient_cargo(clone: &Clone) -> (PathBuf, PathBuf) {
    let folder = clone.root().join("bin");
    fs::create_dir_all(&folder).expect("the copy is ours");
    let (cargo, go) = (folder.join("cargo"), folder.join("go"));
    let script = format!(
        "#!/bin/sh\nprintf '    Building [==>     ] 4/9: tokio, serde(build)\\r' >&2\n\
         while [ ! -e '{go}' ]; do sleep 0.02; done\nexec '{cargo}' \"$@\"\n",
        go = go.display(),
        cargo = env!("CARGO"),
    );
    write_program(&cargo, &script);
    (cargo, go)
}

#[test]
fn while_crates_are_compiled_the_workbook_says_which_and_how_many_are_left() {
    let clone = Clone::new(&["03"]);
    let (cargo, go) = patient_cargo(&clone);
    let mut command = clone.command(&[]);
    command.env("CARGO", &cargo);
    let mut terminal = start(command);
    terminal.wait_for("Getting the first exercise ready: Compiling tokio, 5 of 9");
    terminal.type_keys(ENTER);
    let screen = terminal.wait_for("Compiling tokio, 5 of 9… ");
    assert!(!screen.contains("is stopped after"), "{screen}");
    fs::write(go, "").expect("the copy is ours");
    terminal.wait_for("not started");
    terminal.type_keys("x");
    assert_eq!(terminal.wait(), 0);
}

#[test]
fn commands_say_it_on_a_line_that_is_gone_afterwards() {
    let clone = Clone::new(&["03"]);
    let (cargo, go) = patient_cargo(&clone);
    for (arguments, last) in [
        (["check", "03"], "0 of 3 tasks passed"),
        (["lesson", "03"], "Not quite: 0.5 s"),
    ] {
        drop(fs::remove_file(&go));
        let mut command = clone.command(&arguments);
        command.env("CARGO", &cargo);
        command.env("WORKBOOK_CLOCK", "virtual");
        let mut terminal = start(command);
        if arguments[0] == "lesson" {
            terminal.type_keys("99 s\r");
        }
        terminal.wait_for("Compiling tokio, 5 of 9… ");
        fs::write(&go, "").expect("the copy is ours");
        let screen = terminal.wait_for(last);
        assert!(!screen.contains("Compiling"), "{screen}");
        terminal.wait();
    }
}
