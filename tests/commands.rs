//! The commands as a shell or a CI system sees them: what they print, and how they end.

use std::{
    fs,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use solutions::scratch::{Scratch, workbook};

/// A copy of the workbook in which chapter 03 holds `text`.
fn clone_with(name: &str, text: &str) -> Scratch {
    let mut scratch = Scratch::new(name).expect("the target folder can be written");
    scratch
        .add_stub("03_gather", text, &[])
        .expect("the target folder can be written");
    scratch.grader().expect("the target folder can be written");
    scratch
}

fn original() -> String {
    read("exercises/original/03_gather.rs")
}

fn reference() -> String {
    read("solutions/03_gather.rs").replace("../exercises/hidden", "hidden")
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
    let scratch = clone_with("commands-untouched", &original());
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
    let scratch = clone_with("commands-solved", &reference());
    let output = run(&mut command(&scratch, &["check", "03"]));
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    insta::assert_snapshot!(stdout(&output));

    let list = run(&mut command(&scratch, &[]));
    assert_eq!(list.status.code(), Some(0), "{}", stderr(&list));
    assert!(
        stdout(&list).contains("3 of 3 tasks passed"),
        "{}",
        stdout(&list)
    );
}

#[test]
fn a_wrong_answer_is_drawn_and_explained() {
    let wrong = read("solutions/wrong/03_gather/awaits_in_a_loop.rs")
        .replace("../../../exercises/hidden", "hidden");
    let scratch = clone_with("commands-wrong", &wrong);
    let output = run(&mut command(&scratch, &["check"]));
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(stdout(&output));
}

#[test]
fn programs_are_given_json_and_junit() {
    let wrong = read("solutions/wrong/03_gather/awaits_in_a_loop.rs")
        .replace("../../../exercises/hidden", "hidden");
    let scratch = clone_with("commands-formats", &wrong);
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

#[test]
fn colours_come_when_asked_for_and_never_uninvited() {
    let scratch = clone_with("commands-colours", &original());
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

#[test]
fn mistakes_on_the_command_line_say_what_there_is() {
    let scratch = clone_with("commands-usage", &original());
    let unknown = run(&mut command(&scratch, &["check", "99"]));
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(
        stderr(&unknown),
        "error: no chapter is called `99`; there are: 03_gather\n"
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
    let scratch = clone_with("commands-environment", &original());
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
        scratch.root().join("exercises/hidden/03_gather.toml"),
        "title = 3",
    )
    .expect("it can be written");
    let broken = run(&mut command(&scratch, &["check"]));
    assert_eq!(broken.status.code(), Some(3));
    let said = stderr(&broken);
    assert!(
        said.contains("exercises/hidden/03_gather.toml") && said.contains("git checkout"),
        "{said}"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let scratch = clone_with("commands-pipe", &original());
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
    use async_workbook::grade::build;
    use rustix::process::{Pid, Signal, kill_process};
    use solutions::scratch::is_running;

    let text = reference().replace(
        "join_all(paths.iter().map(|path| upstream.fetch(path))).await",
        "let _ = (upstream, paths); std::fs::write(\"running\", std::process::id().to_string()).unwrap(); loop { std::hint::spin_loop() }",
    );
    let scratch = clone_with("commands-interrupt", &text);
    let grader = scratch.grader().expect("the target folder can be written");
    // Built beforehand, so that what follows takes no longer than a process does to start.
    build(&grader.cargo, &["03_gather"])
        .await
        .expect("cargo works");
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
