//! The commands as a shell or a CI system sees them: what they print, and how they end.

use std::{
    fs,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use cargo_metadata::{
    Message,
    diagnostic::{Diagnostic, DiagnosticLevel},
};
use clap::Parser as _;
use overlay::compose;
use proofs::scratch::{Scratch, workbook};
use workbook::{
    commands::check::{Check, Format},
    course::Course,
};

/// A copy of the workbook in which chapter 03 holds `text`.
fn clone_with(text: &str) -> Scratch {
    clone_of("03", text)
}

/// A copy of the workbook with this chapter, whose exercise holds `text`.
fn clone_of(chapter: &str, text: &str) -> Scratch {
    let mut scratch = Scratch::new().expect("the target folder can be written");
    let course = Course::open(&workbook()).expect("this is the workbook");
    let chapter = course.chapter(chapter).expect("it is there");
    let stub = scratch
        .add_chapter(chapter)
        .expect("the target folder can be written");
    fs::write(stub, text).expect("the target folder can be written");
    scratch.grader().expect("the target folder can be written");
    scratch
}

fn original() -> String {
    read("exercises/original/03_gather.rs")
}

fn reference() -> String {
    read("solutions/03_gather.rs")
}

/// A wrong answer, whose other tasks are not started.
fn wrong(misconception: &str) -> String {
    let overlay = read(&format!("solutions/wrong/03_gather/{misconception}.rs"));
    compose(&original(), &overlay).expect("it fits the stub")
}

fn read(file: &str) -> String {
    fs::read_to_string(workbook().join(file)).expect("it is there")
}

/// `workbook` with these arguments, in the folder of the copy, with nothing of this terminal.
fn command(scratch: &Scratch, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workbook"));
    command
        .args(arguments)
        .current_dir(scratch.root())
        .env("CARGO_TARGET_DIR", scratch.target_dir())
        .stdin(Stdio::null());
    for variable in [
        "CARGO_MANIFEST_DIR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "NO_COLOR",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "TERM",
        "WORKBOOK_TIME_LIMIT",
    ] {
        command.env_remove(variable);
    }
    command
}

fn run(command: &mut Command) -> Output {
    command.output().expect("it was just built")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("reports are UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn untouched_stubs_are_not_started_and_fail() {
    let scratch = clone_with(&original());
    let output = run(&mut command(&scratch, &["check"]));
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(!text.contains('\u{1b}'), "no escapes in a pipe: {text:?}");
    assert!(
        text.ends_with("0 of 3 tasks passed, 0 wrong, 3 not started\n"),
        "{text}"
    );
    insta::assert_snapshot!(text);
}

#[test]
fn solved_stubs_pass() {
    let scratch = clone_with(&reference());
    let output = run(&mut command(&scratch, &["check", "03"]));
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    insta::assert_snapshot!(stdout(&output));

    let list = run(&mut command(&scratch, &[]));
    assert_eq!(list.status.code(), Some(0), "{}", stderr(&list));
    assert!(stdout(&list).contains("3 of 3 passed"), "{}", stdout(&list));
}

#[test]
fn a_wrong_answer_is_drawn_and_explained() {
    let wrong = wrong("awaits_in_a_loop");
    let scratch = clone_with(&wrong);
    let output = run(&mut command(&scratch, &["check"]));
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(stdout(&output));
    // In a narrow terminal, all that is said of a task still stands set in below it.
    let narrow = run(command(&scratch, &["check"]).env("COLUMNS", "40"));
    insta::assert_snapshot!(stdout(&narrow));
}

#[test]
fn a_task_that_passes_shows_what_ran_beside_what_ran_before() {
    let scratch = clone_with(&wrong("awaits_in_a_loop"));
    let check = |columns: &str| {
        let mut command = command(&scratch, &["check", "03"]);
        stdout(&run(command.env("COLUMNS", columns)))
    };
    check("100");
    let stub = scratch.root().join("exercises/03_gather.rs");
    fs::write(&stub, reference()).expect("write to the copy");
    let moment = check("100");
    insta::assert_snapshot!(moment);
    let again = check("100");
    assert!(
        !again.contains("Before: "),
        "it was passed already: {again}"
    );
    assert!(!again.contains("1 of 1 chapters"), "{again}");

    fs::write(&stub, wrong("awaits_in_a_loop")).expect("write to the copy");
    check("40");
    fs::write(&stub, reference()).expect("write to the copy");
    insta::assert_snapshot!(check("40"));
}

#[test]
fn programs_are_given_json_and_junit() {
    let wrong = wrong("awaits_in_a_loop");
    let scratch = clone_with(&wrong);
    let json = run(&mut command(
        &scratch,
        &["check", "--format", "json", "--color", "always"],
    ));
    assert_eq!(json.status.code(), Some(1));
    let report: serde_json::Value =
        serde_json::from_slice(&json.stdout).expect("one JSON document");
    assert_eq!(report["version"], 1);
    assert_eq!(report["passed"], false);
    let tasks = report["chapters"][0]["tasks"].as_array().expect("a list");
    let states: Vec<_> = tasks.iter().map(|task| task["state"].as_str()).collect();
    assert_eq!(
        states,
        [Some("wrong"), Some("not_started"), Some("not_started")]
    );
    assert_eq!(tasks[0]["misconception"], "awaits_in_a_loop");
    assert_eq!(
        tasks[0]["section"],
        "book/src/03_gather.md#awaits-in-a-loop"
    );
    assert_eq!(tasks[0]["timeline"][1]["started"], 500_000);
    assert_eq!(tasks[1]["place"]["file"], "exercises/03_gather.rs");

    let junit = run(&mut command(&scratch, &["check", "--format=junit"]));
    assert_eq!(junit.status.code(), Some(1));
    let text = stdout(&junit);
    assert!(
        text.contains(r#"tests="3" failures="1" skipped="2""#),
        "{text}"
    );
}

/// A line of what an editor is given, read as rust-analyzer reads it: a message of cargo's, or a diagnostic alone.
#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
enum ForEditors {
    Cargo(Message),
    Rustc(Diagnostic),
}

/// What an editor is given of chapter 03, once this is its exercise.
fn diagnostics(scratch: &Scratch, answer: &str) -> Vec<Diagnostic> {
    let file = scratch.root().join("exercises/03_gather.rs");
    fs::write(&file, answer).expect("write to the copy");
    let file = file
        .to_str()
        .expect("the target folder has a name in UTF-8");
    let output = run(&mut command(scratch, &["check", "--format", "rustc", file]));
    let text = stdout(&output);
    let lines = text.lines().map(|line| {
        match serde_json::from_str(line).expect("it is a message or a diagnostic") {
            ForEditors::Cargo(Message::CompilerMessage(message)) => message.message,
            ForEditors::Cargo(message) => panic!("nobody asked for {message:?}"),
            ForEditors::Rustc(diagnostic) => diagnostic,
        }
    });
    lines.collect()
}

#[test]
fn an_editor_is_given_each_verdict_at_its_line() {
    let wrong = wrong("awaits_in_a_loop");
    let scratch = clone_with(&wrong);
    let [first, second, third] = &diagnostics(&scratch, &wrong)[..] else {
        panic!("there are three tasks");
    };
    let code = |diagnostic: &Diagnostic| diagnostic.code.clone().map(|code| code.code);
    let marked = |diagnostic: &Diagnostic| {
        let span = &diagnostic.spans[0];
        assert_eq!(span.file_name, "exercises/03_gather.rs");
        let line = wrong.lines().nth(span.line_start - 1).expect("it is there");
        assert_eq!(span.text[0].text, line);
        let columns = span.column_start - 1..span.column_end - 1;
        let bytes = span.byte_start as usize..span.byte_end as usize;
        assert_eq!(line[columns.clone()], wrong[bytes]);
        line[columns].to_owned()
    };
    assert_eq!(first.level, DiagnosticLevel::Error);
    assert_eq!(code(first).as_deref(), Some("workbook::awaits_in_a_loop"));
    assert_eq!(marked(first), "fetch_all");
    // An editor shows a note as information: it is no fault that a task is yet to be done.
    for open in [second, third] {
        assert_eq!(open.level, DiagnosticLevel::Note);
        assert_eq!(code(open).as_deref(), Some("workbook::not_started"));
        assert!(marked(open).starts_with("todo!("));
    }
    let said = first.children.iter().map(|child| child.message.as_str());
    insta::assert_snapshot!(format!(
        "{}\n{}\n\n{}",
        first.message,
        said.collect::<Vec<_>>().join("\n"),
        first.rendered.as_deref().unwrap_or_default()
    ));

    let right = diagnostics(&scratch, &reference());
    assert!(right.is_empty(), "{right:?}");

    // What the compiler says comes from the compiler alone, and names the file as the editor does.
    let broken = reference() + "\nfn number() -> u8 {\n    \"three\"\n}\n";
    let said = diagnostics(&scratch, &broken);
    let errors = said
        .iter()
        .filter(|said| said.level == DiagnosticLevel::Error);
    let errors: Vec<_> = errors.filter(|error| !error.spans.is_empty()).collect();
    assert!(!errors.is_empty(), "{said:?}");
    for error in errors {
        assert_eq!(error.spans[0].file_name, "exercises/03_gather.rs");
        assert_eq!(code(error).as_deref(), Some("E0308"));
        let rendered = error.rendered.as_deref().unwrap_or_default();
        assert!(
            rendered.contains("--> exercises/03_gather.rs:"),
            "{rendered}"
        );
    }
}

#[test]
fn every_editor_asks_for_the_same() {
    let words = r#""cargo", "run", "--quiet", "--", "check", "--format", "rustc", "{saved_file}""#;
    for file in [
        ".vscode/settings.json",
        ".zed/settings.json",
        ".helix/languages.toml",
        ".nvim.lua",
    ] {
        let settings = read(file);
        assert!(settings.contains(words), "{file}");
        if file.ends_with(".json") {
            let parsed = serde_json::from_str::<serde_json::Value>(&settings);
            assert!(parsed.is_ok(), "{file}: {parsed:?}");
        }
    }
    // They are what the command line takes.
    let arguments: Vec<String> = serde_json::from_str(&format!("[{words}]")).expect("a list");
    let of_workbook = arguments.iter().skip_while(|word| *word != "--").skip(1);
    let parsed = Check::try_parse_from(of_workbook);
    assert_eq!(parsed.expect("it is a command").format, Format::Rustc);
}

/// A verdict on a handler of the bug hunt would name its fault before anybody has looked for it.
#[test]
fn a_bug_hunt_tells_nothing_of_a_handler_that_is_as_it_came() {
    let original = read("exercises/original/17_pitfalls.rs");
    let reference = read("solutions/17_pitfalls.rs");
    let scratch = clone_of("17", &original);
    // Real sockets and a real database take longer on a busy machine, and how long is not the point here.
    let said = |arguments: &[&str]| {
        let mut command = command(&scratch, arguments);
        stdout(&run(command.env("WORKBOOK_TIME_LIMIT", "120")))
    };
    let course = Course::open(&workbook()).expect("this is the workbook");
    let tasks = &course.chapter("17").expect("it is there").tasks;
    let planted = || tasks.iter().filter_map(|task| task.planted.as_deref());

    let untouched = said(&["check"]);
    assert!(
        untouched.ends_with("0 of 9 tasks passed, 0 wrong, 9 not started\n"),
        "{untouched}"
    );
    assert_eq!(untouched.matches("as it came\n").count(), 9, "{untouched}");
    assert!(untouched.contains("once you change it"), "{untouched}");
    let everything = [
        said(&["check", "--format", "json"]),
        said(&["check", "--format", "junit"]),
        said(&["list", "--plain"]),
        said(&["list", "--plain", "pitfalls"]),
    ]
    .concat();
    for misconception in planted() {
        let name = misconception.replace('_', " ");
        for words in [misconception, &name] {
            assert!(!everything.contains(words), "{words}: {everything}");
        }
    }
    let report: serde_json::Value =
        serde_json::from_str(&said(&["check", "--format", "json"])).expect("one JSON document");
    let cover = &report["chapters"][0]["tasks"][2];
    assert_eq!(cover["state"], "not_started");
    assert_eq!(cover["kind"], "untouched");
    assert_eq!(cover["place"]["file"], "exercises/17_pitfalls.rs");

    // One handler is mended, and one is changed and still wrong.
    let functions = overlay::functions(&reference).expect("it is Rust");
    let cover = functions.iter().find(|function| function.name == "cover");
    let cover = cover.expect("it is a task").overlay();
    let text = compose(&original, &cover).expect("it fits the stub");
    let begin = "let mut connection = shop.pool.acquire()";
    assert!(text.contains(begin), "the stub's `quote` was rewritten");
    let stub = scratch.root().join("exercises/17_pitfalls.rs");
    let text = text.replacen(begin, &format!("// Early enough.\n    {begin}"), 1);
    fs::write(&stub, text).expect("write to the copy");
    let begun = said(&["check"]);
    assert!(
        begun.ends_with("1 of 9 tasks passed, 1 wrong, 7 not started\n"),
        "{begun}"
    );
    assert!(
        begun.contains("wrong: connection held while waiting"),
        "{begun}"
    );

    fs::write(&stub, reference).expect("write to the copy");
    let mended = said(&["check"]);
    assert!(mended.contains("9 of 9 tasks passed"), "{mended}");
    assert!(
        mended.contains("sound as it came"),
        "only now is it told: {mended}"
    );
}

#[test]
fn colours_come_when_asked_for_and_never_uninvited() {
    let scratch = clone_with(&original());
    let escapes = |command: &mut Command| stdout(&run(command)).contains('\u{1b}');
    assert!(escapes(&mut command(
        &scratch,
        &["check", "--color", "always"]
    )));
    assert!(!escapes(&mut command(
        &scratch,
        &["check", "--color", "never"]
    )));
    assert!(!escapes(command(&scratch, &["check"]).env("NO_COLOR", "1")));
    assert!(escapes(
        command(&scratch, &["check"]).env("CLICOLOR_FORCE", "1")
    ));
}

/// A command with these lines typed into it.
fn run_with_input(command: &mut Command, input: &str) -> Output {
    use std::io::Write as _;
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it was just built");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(input.as_bytes()).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

#[test]
fn hints_come_one_at_a_time_and_are_remembered() {
    let scratch = clone_with(&original());
    let hint = |arguments: &[&str]| stdout(&run(&mut command(&scratch, arguments)));
    insta::assert_snapshot!(hint(&["hint"]));
    assert!(hint(&["hint", "03"]).contains("  2  "));
    let again = hint(&["hint", "--again"]);
    assert!(
        again.contains("  2  ") && !again.contains("  3  "),
        "{again}"
    );
    assert!(hint(&["hint"]).contains("those are all of them"));
    let more = hint(&["hint"]);
    assert!(
        more.contains("There are no more hints.") && more.contains("solution 03 --anyway"),
        "{more}"
    );
    assert!(hint(&["hint", "--task", "dashboard"]).contains("Hints for dashboard"));
    let unknown = run(&mut command(&scratch, &["hint", "--task", "cook"]));
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        stderr(&unknown).contains("its tasks are: fetch_all, dashboard"),
        "{}",
        stderr(&unknown)
    );
}

#[test]
fn hints_do_not_come_back_after_a_pass() {
    let scratch = clone_with(&reference());
    let hint = |arguments: &[&str]| stdout(&run(&mut command(&scratch, arguments)));
    hint(&["hint", "--task", "fetch_all"]);
    run(&mut command(&scratch, &["check", "03"]));
    assert_eq!(
        hint(&["hint"]),
        "Every task of 03 Gather is passed, so you don't need a hint.\n"
    );
    assert_eq!(
        hint(&["hint", "--task", "fetch_all"]),
        "fetch_all is passed, so you don't need a hint.\n"
    );
    let again = hint(&["hint", "--task", "fetch_all", "--again"]);
    assert!(again.starts_with("Hints for fetch_all"), "{again}");
}

#[test]
fn a_lesson_is_predicted_run_and_compared() {
    let scratch = clone_with(&original());
    let lesson = ["lesson", "03", "--virtual", "--predict", "1 s"];
    let output = run(&mut command(&scratch, &lesson));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.starts_with("03 Gather\n"), "{text}");
    assert!(text.contains("gathered 0.5 s"), "{text}");
    assert!(
        text.contains(
            "You expected 1 s\nNot quite: 0.5 s. All three bars start at 0, so only the longest counts.\n"
        ),
        "{text}"
    );
    // The code stands above the first thing that it prints, and each glyph is explained once.
    let gathered = "examples/03_gather.rs:63\nasync fn gathered(";
    let titled = "A dashboard of 0.5, 0.3 and 0.2 s, gathered:";
    assert!(
        text.find(gathered)
            .is_some_and(|code| Some(code) < text.find(titled)),
        "{text}"
    );
    assert_eq!(text.matches("━ waiting").count(), 1, "{text}");
    // What it teaches would give the answer away.
    let idea = text.find("Overlap the waits");
    assert!(idea > text.find("Not quite"), "{text}");
    // Where nobody can be asked, the question is answered.
    let unasked = stdout(&run(&mut command(&scratch, &["lesson", "--virtual"])));
    assert!(unasked.contains("It is 0.5 s. All three bars"), "{unasked}");
}

#[test]
fn forty_columns_are_enough_for_the_timelines_of_a_lesson() {
    let scratch = clone_with(&original());
    let lesson = ["lesson", "03", "--virtual", "--predict", "half a second"];
    let narrow = stdout(&run(command(&scratch, &lesson).env("COLUMNS", "40")));
    assert!(narrow.contains("Right: 0.5 s."), "{narrow}");
    let bars: Vec<&str> = narrow.lines().filter(|line| line.contains('━')).collect();
    assert!(bars.len() > 12, "{narrow}");
    for bar in bars {
        assert!(bar.chars().count() <= 40, "{bar}");
    }
}

#[test]
fn a_quiz_reads_its_answers_from_a_pipe() {
    let scratch = clone_with(&original());
    let output = run_with_input(
        &mut command(&scratch, &["quiz", "03"]),
        "\n3 s, the slowest\nnothing\n",
    );
    assert_eq!(
        output.status.code(),
        Some(1),
        "not all questions were answered"
    );
    let text = stdout(&output);
    assert!(
        text.contains("Right.") && text.contains("Not quite."),
        "{text}"
    );
    assert!(text.contains("Question 3 of"), "{text}");

    let none = run(&mut command(&scratch, &["review"]));
    assert!(
        stdout(&none).contains("No question is due."),
        "{}",
        stdout(&none)
    );
    // The clock of what was answered is set back, as if days had passed.
    let file = scratch.root().join(".workbook/progress.json");
    let progress = fs::read_to_string(&file).expect("it was written");
    let mut document: serde_json::Value = serde_json::from_str(&progress).expect("it is JSON");
    let questions = document["progress"]["questions"]
        .as_object_mut()
        .expect("some were answered");
    assert_eq!(questions.len(), 2);
    for question in questions.values_mut() {
        question["card"]["due"] = "2000-01-01T00:00:00Z".into();
    }
    fs::write(&file, document.to_string()).expect("the copy is ours");
    let due = run_with_input(&mut command(&scratch, &["review"]), "3 s, the slowest\n");
    assert!(stdout(&due).contains("Question 1 of 2"), "{}", stdout(&due));
}

#[test]
fn reset_brings_the_stub_back_and_keeps_what_was_written() {
    let mine = "fn mine() {}\n";
    let scratch = clone_with(mine);
    let stub = scratch.root().join("exercises/03_gather.rs");
    let reset = || stdout(&run(&mut command(&scratch, &["reset", "03"])));
    let said = reset();
    assert!(said.contains(".workbook/kept/03_gather-1.rs"), "{said}");
    assert_eq!(fs::read_to_string(&stub).expect("it is there"), original());
    let kept = scratch.root().join(".workbook/kept/03_gather-1.rs");
    assert_eq!(fs::read_to_string(&kept).expect("it is kept"), mine);

    assert_eq!(reset(), "exercises/03_gather.rs is the original already.\n");
    fs::write(&stub, "fn other() {}\n").expect("the copy is ours");
    assert!(
        reset().contains("03_gather-2.rs"),
        "nothing kept is ever overwritten"
    );
    assert_eq!(fs::read_to_string(&kept).expect("it is kept"), mine);
    fs::remove_file(&stub).expect("the copy is ours");
    assert_eq!(reset(), "exercises/03_gather.rs is back.\n");
    let without = run(&mut command(&scratch, &["reset"]));
    assert_eq!(without.status.code(), Some(2), "it asks which");
}

#[test]
fn the_solution_comes_after_ones_own() {
    let scratch = clone_with(&reference());
    let early = run(&mut command(&scratch, &["solution", "03"]));
    assert_eq!(early.status.code(), Some(1));
    assert!(stderr(&early).contains("--anyway"), "{}", stderr(&early));
    let anyway = stdout(&run(&mut command(
        &scratch,
        &["solution", "03", "--anyway"],
    )));
    assert!(
        anyway.contains("pub async fn fetch_all") && !anyway.contains("mod hidden"),
        "{anyway}"
    );
    run(&mut command(&scratch, &["check"]));
    let after = run(&mut command(&scratch, &["solution"]));
    assert_eq!(after.status.code(), Some(0), "{}", stderr(&after));
    let next = stdout(&run(&mut command(&scratch, &["next"])));
    assert!(next.contains("Every task is passed"), "{next}");
}

#[test]
fn a_passed_exercise_that_is_broken_later_shows_as_broken() {
    let scratch = clone_with(&reference());
    let stub = scratch.root().join("exercises/03_gather.rs");
    run(&mut command(&scratch, &["check"]));
    let list = || stdout(&run(&mut command(&scratch, &["list", "--plain"])));
    assert!(list().contains("3 of 3 passed"), "{}", list());
    let broken = wrong("results_in_completion_order");
    fs::write(&stub, broken).expect("the copy is ours");
    assert!(list().contains("changed since it was graded"), "{}", list());
    run(&mut command(&scratch, &["check"]));
    assert!(list().contains("3 broken"), "{}", list());
    let open = stdout(&run(&mut command(&scratch, &["list", "--show", "passed"])));
    assert!(open.contains("no chapter matches"), "{open}");
    let list = |search: &str| stdout(&run(&mut command(&scratch, &["list", search])));
    assert!(list("overlap").contains("03 Gather"), "{}", list("overlap"));
    let api = list("JoinSet");
    assert!(api.contains("code: JoinSet"), "{api}");
    let mistake = list("awaits_in_a_loop");
    assert!(mistake.contains("mistake: Awaits in a loop"), "{mistake}");
}

#[test]
fn what_was_passed_is_passed_again_once_the_file_is_as_it_was() {
    let scratch = clone_with(&reference());
    let stub = scratch.root().join("exercises/03_gather.rs");
    let list = || stdout(&run(&mut command(&scratch, &["list", "--plain"])));
    run(&mut command(&scratch, &["check"]));
    fs::write(&stub, format!("{}fn half(", reference())).expect("the copy is ours");
    let check = run(&mut command(&scratch, &["check"]));
    assert_eq!(check.status.code(), Some(1), "{}", stderr(&check));
    let text = list();
    assert!(
        text.contains("???  cannot be graded") && !text.contains("broken"),
        "{text}"
    );
    fs::write(&stub, reference()).expect("the copy is ours");
    assert!(list().contains("3 of 3 passed"), "{}", list());
}

#[test]
fn the_doctor_says_what_is_amiss_and_what_to_do() {
    let scratch = clone_with(&original());
    let well = run(&mut command(&scratch, &["doctor"]));
    let text = stdout(&well);
    assert_eq!(well.status.code(), Some(0), "{text}");
    for what in ["toolchain", "disk", "editor", "saves", "progress", "stores"] {
        assert!(text.contains(what), "{text}");
    }
    fs::remove_file(scratch.root().join("exercises/03_gather.rs")).expect("the copy is ours");
    let ill = run(command(&scratch, &["doctor"])
        .env("CARGO", "no-such-cargo")
        .env("VISUAL", "no-such-editor"));
    let text = stdout(&ill);
    assert_eq!(ill.status.code(), Some(3), "{text}");
    for advice in [
        "rustup.rs",
        "cargo run -- reset 03",
        "VISUAL names no-such-editor",
    ] {
        assert!(text.contains(advice), "{advice}: {text}");
    }
}

#[test]
fn a_newer_progress_file_is_left_alone_and_the_course_goes_on() {
    let scratch = clone_with(&original());
    let folder = scratch.root().join(".workbook");
    fs::create_dir_all(&folder).expect("the copy is ours");
    let newer = "{\"version\": 99, \"progress\": \"unknown\"}";
    fs::write(folder.join("progress.json"), newer).expect("the copy is ours");
    let output = run(&mut command(&scratch, &["check"]));
    assert_eq!(output.status.code(), Some(1), "graded all the same");
    assert!(
        stderr(&output).contains("newer workbook"),
        "{}",
        stderr(&output)
    );
    let kept = fs::read_to_string(folder.join("progress.json")).expect("it is there");
    assert_eq!(kept, newer);
}

/// What the disk refuses is told in one line on standard error, and the verdict comes all the same.
fn assert_graded_and_not_kept(scratch: &Scratch, why: &str) {
    let check = run(&mut command(scratch, &["check", "03"]));
    assert_eq!(check.status.code(), Some(0), "{}", stderr(&check));
    assert!(
        stdout(&check).contains("3 of 3 tasks passed"),
        "{}",
        stdout(&check)
    );
    let said = stderr(&check);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("note: ") && said.contains(why), "{said}");
}

#[cfg(unix)]
#[test]
fn a_file_in_the_place_of_the_progress_folder_costs_no_verdict() {
    let scratch = clone_with(&reference());
    let folder = scratch.root().join(".workbook");
    drop(fs::remove_file(&folder));
    fs::write(&folder, "not a folder").expect("the copy is ours");
    assert_graded_and_not_kept(&scratch, "move the file that is in its place");
    let hint = run(&mut command(&scratch, &["hint", "03"]));
    assert!(
        stdout(&hint).contains("Hints for"),
        "{} {}",
        stdout(&hint),
        stderr(&hint)
    );
    fs::remove_file(folder).expect("the copy is ours");
}

/// `/dev/full` takes no byte, as a full disk does.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_costs_no_verdict() {
    let scratch = clone_with(&reference());
    let folder = scratch.root().join(".workbook");
    fs::create_dir_all(&folder).expect("the copy is ours");
    std::os::unix::fs::symlink("/dev/full", folder.join("progress.new"))
        .expect("the folder is new");
    assert_graded_and_not_kept(&scratch, "free some space on the disk");

    let next = run(&mut command(&scratch, &["next", "03"]));
    assert_eq!(
        next.status.code(),
        Some(3),
        "it is all that it was asked for"
    );
    assert!(
        stderr(&next).contains("free some space on the disk"),
        "{}",
        stderr(&next)
    );
}

#[test]
fn every_command_explains_itself_and_shells_complete_it() {
    let scratch = clone_with(&original());
    let help = stdout(&run(&mut command(&scratch, &["--help"])));
    for name in [
        "watch",
        "list",
        "check",
        "class",
        "hint",
        "lesson",
        "quiz",
        "review",
        "reset",
        "solution",
        "next",
        "doctor",
        "completions",
    ] {
        assert!(help.contains(&format!("\n  {name} ")), "{name}: {help}");
        let own = stdout(&run(&mut command(&scratch, &[name, "--help"])));
        assert!(
            own.contains("Examples:") || own.contains("cargo install"),
            "{name}: {own}"
        );
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&mut command(&scratch, &["completions", shell]));
        assert_eq!(script.status.code(), Some(0));
        assert!(stdout(&script).contains("solution"), "{shell}");
    }
}

#[test]
fn sixty_columns_are_enough() {
    let scratch = clone_with(&wrong("awaits_in_a_loop"));
    for arguments in [
        &["check"][..],
        &["list"],
        &["hint"],
        &["doctor"],
        &["lesson", "--virtual"],
    ] {
        let text = stdout(&run(command(&scratch, arguments).env("COLUMNS", "60")));
        // The path of the progress file is as long as it is.
        let long = text.lines().filter(|line| {
            line.chars().count() > 60 && !line.contains(".workbook") && !line.contains("python3")
        });
        // What a lesson prints of its own is laid out for 80, and code stays as it is.
        let lesson = include_str!("../../examples/03_gather.rs");
        let long: Vec<&str> = long
            .filter(|line| !line.contains("times as fast") && !lesson.contains(line))
            .collect();
        assert_eq!(long, Vec::<&str>::new(), "{arguments:?}");
    }
}

#[test]
fn mistakes_on_the_command_line_say_what_there_is() {
    let scratch = clone_with(&original());
    let unknown = run(&mut command(&scratch, &["check", "99"]));
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(
        stderr(&unknown),
        "error: no chapter is called `99`; the chapters are: 03_gather\n"
    );
    for wrong in [
        &["check", "--time-limit", "0"][..],
        &["check", "--format", "yaml"],
        &["chekc"],
    ] {
        let output = run(&mut command(&scratch, wrong));
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(
            stderr(&output).starts_with("error: "),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn faults_of_the_surroundings_say_what_to_do() {
    let scratch = clone_with(&original());
    let no_cargo = run(command(&scratch, &["check"]).env("CARGO", "no-such-cargo"));
    assert_eq!(no_cargo.status.code(), Some(3));
    assert!(stderr(&no_cargo).contains("no-such-cargo") && stderr(&no_cargo).contains("rustup"));

    let nowhere = tempfile::tempdir().expect("the system has a temporary folder");
    let outside = run(command(&scratch, &["check"]).current_dir(nowhere.path()));
    assert_eq!(outside.status.code(), Some(3));
    assert!(
        stderr(&outside).contains("no workbook here"),
        "{}",
        stderr(&outside)
    );

    fs::write(
        scratch
            .root()
            .join("exercises/hidden/03_gather/chapter.toml"),
        "title = 3",
    )
    .expect("it can be written");
    let broken = run(&mut command(&scratch, &["check"]));
    assert_eq!(broken.status.code(), Some(3));
    let said = stderr(&broken);
    assert!(
        said.contains("exercises/hidden/03_gather/chapter.toml") && said.contains("git checkout"),
        "{said}"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let scratch = clone_with(&original());
    let mut child = command(&scratch, &["check"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it was just built");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(
        (output.status.code(), stderr(&output)),
        (Some(141), String::new())
    );
}

/// What runs when the command is asked to end ends with it.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn ctrl_c_and_kill_end_the_command_and_what_it_runs() {
    use proofs::scratch::is_running;
    use rustix::process::{Pid, Signal, kill_process};

    let text = reference().replace(
        "join_all(paths.iter().map(|path| upstream.fetch(path))).await",
        "let _ = (upstream, paths); std::fs::write(\"running\", std::process::id().to_string()).unwrap(); loop { std::hint::spin_loop() }",
    );
    let scratch = clone_with(&text);
    let grader = scratch.grader().expect("the target folder can be written");
    // Built beforehand, so that what follows takes no longer than a process does to start.
    grader.build(scratch.answers()).await.expect("cargo works");
    let running = scratch.root().join("running");
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        if running.exists() {
            fs::remove_file(&running).expect("an earlier run made it");
        }
        let mut child = command(&scratch, &["check", "--time-limit", "600"])
            .stdout(Stdio::null())
            .spawn()
            .expect("it was just built");
        let answer = wait_for(|| fs::read_to_string(&running).ok()?.parse::<u32>().ok());
        kill_process(Pid::from_child(&child), signal).expect("it runs");
        assert_eq!(child.wait().expect("it ends").code(), Some(130));
        wait_for(|| (!is_running(answer)).then_some(()));
    }
}

/// Looks again and again; what does not come within a minute never will.
fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "it never came");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}
