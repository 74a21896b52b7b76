//! What learners hand in is graded anywhere, as this clone grades its own answers, whatever else they hand in.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use overlay::compose;
use proofs::scratch::{Scratch, workbook};
use serde_json::Value;
use workbook::course::Course;

const STUB: &str = "exercises/03_gather.rs";

/// A teacher's copy of the workbook, with chapter 03. The teacher's own answer does not compile.
struct Teacher {
    scratch: Scratch,
}

impl Teacher {
    fn new() -> Self {
        let mut scratch = Scratch::new().expect("the target folder can be written");
        let course = Course::open(&workbook()).expect("this is the workbook");
        let chapter = course.chapter("03").expect("it is there");
        let stub = scratch.add_chapter(chapter);
        let stub = stub.expect("the target folder can be written");
        let broken = original() + "\nfn number() -> u8 {\n    \"three\"\n}\n";
        fs::write(stub, broken).expect("the target folder can be written");
        scratch.grader().expect("the target folder can be written");
        Self { scratch }
    }

    /// A folder that somebody handed in, with these files.
    fn handed_in(&self, name: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder = self.scratch.root().join("handed-in").join(name);
        for (file, text) in files {
            write(&folder.join(file), text);
        }
        folder
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_workbook"));
        command
            .args(arguments)
            .current_dir(self.scratch.root())
            .env("CARGO_TARGET_DIR", self.scratch.target_dir())
            .env("COLUMNS", "100")
            // A busy machine is no reason to fail here.
            .env("WORKBOOK_TIME_LIMIT", "60")
            .stdin(Stdio::null());
        for variable in [
            "CARGO_MANIFEST_DIR",
            "CLICOLOR_FORCE",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "TERM",
        ] {
            command.env_remove(variable);
        }
        command.output().expect("start the workbook")
    }

    /// What each task of chapter 03 came to in this folder: its kind, and the misconception.
    fn check(&self, folder: &Path) -> Vec<String> {
        let folder = folder.to_str().expect("it is text");
        let output = self.run(&["check", "--from", folder, "--format", "json", "03"]);
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", said(&output)));
        let tasks = report["chapters"][0]["tasks"].as_array().expect("a list");
        let kinds = tasks.iter().map(|task| {
            let words = [&task["kind"], &task["misconception"]];
            let words = words.iter().filter_map(|word| word.as_str());
            words.collect::<Vec<_>>().join(": ")
        });
        let kinds: Vec<String> = kinds.collect();
        let passed = kinds.iter().all(|kind| kind == "passed");
        assert_eq!(output.status.code(), Some(i32::from(!passed)), "{kinds:?}");
        kinds
    }
}

fn said(output: &Output) -> String {
    let said = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8_lossy(&said).into_owned()
}

fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().expect("it is in a folder")).expect("make a folder");
    fs::write(file, text).expect("write a file");
}

fn read(file: &str) -> String {
    fs::read_to_string(workbook().join(file)).expect("it is there")
}

fn original() -> String {
    read("exercises/original/03_gather.rs")
}

fn reference() -> String {
    read("solutions/03_gather.rs")
}

/// The reference with its first task wrong.
fn wrong() -> String {
    let overlay = read("solutions/wrong/03_gather/awaits_in_a_loop.rs");
    compose(&reference(), &overlay).expect("it fits the reference")
}

const PASSED: [&str; 3] = ["passed"; 3];
const WRONG: [&str; 3] = ["wrong: awaits_in_a_loop", "passed", "passed"];

/// All that a clone has beside the answer, changed so that whatever took notice of it would fail, or pass everything.
fn hostile(mark: &Path) -> Vec<(&'static str, String)> {
    let leaves_a_mark = format!(
        "fn main() {{ std::fs::write({:?}, \"\").unwrap(); }}",
        mark.display().to_string()
    );
    let passes_everything = "#[macro_export] macro_rules! grade { () => {
        pub mod hidden {
            #[test] fn fetch_all() {}
            #[test] fn dashboard() {}
            #[test] fn fetch_all_parallel() {}
        }
    } }";
    vec![
        ("Cargo.toml", "this is no manifest".to_owned()),
        ("Cargo.lock", "this is no lock file".to_owned()),
        ("build.rs", leaves_a_mark.clone()),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.0.0\"\n".to_owned()),
        ("rust-toolchain", "1.0.0\n".to_owned()),
        ("clippy.toml", "x".to_owned()),
        (
            ".cargo/config.toml",
            "[build]\nrustc = \"false\"\nrustc-wrapper = \"false\"\ntarget-dir = \"elsewhere\"\n\
             rustflags = [\"--cfg\", \"hostile\", \"-Dwarnings\"]\n[env]\nWORKBOOK_TIME_LIMIT = \"0.1\"\n"
                .to_owned(),
        ),
        ("exercises/.cargo/config.toml", "[build]\nrustc = \"false\"\n".to_owned()),
        ("exercises/hidden/03_gather/lib.rs", passes_everything.to_owned()),
        ("exercises/hidden/03_gather/build.rs", leaves_a_mark),
        ("exercises/hidden/03_gather/Cargo.toml", "nor is this".to_owned()),
        ("exercises/hidden/03_gather/chapter.toml", "title = \"Easy\"\ntask = []\n".to_owned()),
        ("exercises/original/03_gather.rs", reference()),
        ("src/lib.rs", "compile_error!(\"of the clone\");".to_owned()),
        ("target/debug/deps/libhidden_gather.rlib", "no library".to_owned()),
        (".workbook/progress.json", "{\"version\": 1}".to_owned()),
    ]
}

/// All files below a folder, with what is in them.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut contents = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("read a folder") {
        let path = entry.expect("read a folder").path();
        if path.is_dir() && !path.is_symlink() {
            contents.insert(path.clone(), Vec::new());
            contents.extend(self::contents(&path));
        } else {
            let content = fs::read(&path).unwrap_or_default();
            contents.insert(path, content);
        }
    }
    contents
}

#[test]
fn whatever_else_a_clone_holds_has_no_effect_and_nothing_is_written_to_it() {
    let teacher = Teacher::new();
    let mark = teacher.scratch.root().join("a build script ran");
    for (name, answer, expected) in [("right", reference(), PASSED), ("wrong", wrong(), WRONG)] {
        let mut files = hostile(&mark);
        files.push((STUB, answer));
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(file, text)| (*file, text.as_str()))
            .collect();
        let clone = teacher.handed_in(name, &files);
        let before = contents(&clone);
        assert_eq!(teacher.check(&clone), expected, "{name}");
        assert_eq!(contents(&clone), before, "{name}");
        // What is run as a class is run the same way.
        let folder = clone.to_str().expect("it is text");
        let output = teacher.run(&["class", "--format", "json", folder]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let class: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
        let points = if name == "right" { 3 } else { 2 };
        assert_eq!(class["learners"][0]["earned"], points, "{class:#}");
        assert_eq!(contents(&clone), before, "{name}");
    }
    assert!(!mark.exists(), "a build script of a clone ran");
    let progress = teacher.scratch.root().join(".workbook/progress.json");
    assert!(!progress.exists(), "the teacher's own progress was touched");
}

#[test]
fn exercise_files_alone_are_enough() {
    let teacher = Teacher::new();
    let folder = teacher.handed_in("files", &[("03_gather.rs", &wrong())]);
    assert_eq!(teacher.check(&folder), WRONG);

    // People are told as they are of their own answers.
    let name = folder.to_str().expect("it is text");
    let output = teacher.run(&["check", "--from", name]);
    let text = said(&output);
    assert!(text.contains("exercises/03_gather.rs"), "{text}");
    assert!(
        text.ends_with("2 of 3 tasks passed, 1 wrong, 0 not started\n"),
        "{text}"
    );

    let empty = teacher.handed_in("empty", &[("notes.md", "sorry")]);
    let empty = empty.to_str().expect("it is text");
    for (arguments, expected) in [
        (
            &["check", "--from", empty][..],
            "there are no exercises in it",
        ),
        (&["check", "--from", "nowhere"], "cannot grade nowhere"),
        (
            &["check", "--from", name, "--format", "rustc"],
            "leave out `--from`",
        ),
        (&["class", empty], "nobody has started an exercise"),
        (&["class", "nowhere"], "cannot grade nowhere"),
    ] {
        let output = teacher.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(said(&output).contains(expected), "{}", said(&output));
    }
    // A chapter that was asked for and is not there is told of.
    assert_eq!(teacher.check(Path::new(empty)), ["unreadable"; 3]);
}

/// What counts for a learner's own answers counts for those that are handed in.
#[test]
fn the_rules_for_answers_are_the_same() {
    let teacher = Teacher::new();
    let check = |name: &str, answer: &str| {
        let folder = teacher.handed_in(name, &[(STUB, answer)]);
        teacher.check(&folder)
    };
    let unsafe_code =
        reference() + "\npub fn peek() -> u8 {\n    unsafe { *(&7u8 as *const u8) }\n}\n";
    assert_eq!(check("unsafe", &unsafe_code), ["does_not_compile"; 3]);
    // Lints are the learner's own affair. (Inner documentation may not follow an item.)
    let strict = |answer: &str| {
        let answer = answer.replace("//!", "//");
        format!("#![deny(unused_imports)]\nuse std::fmt::Debug as _;\n{answer}")
    };
    assert_eq!(check("strict", &strict(&reference())), PASSED);
    let both = check("strict and unsafe", &strict(&unsafe_code));
    assert_eq!(both, ["does_not_compile"; 3]);
    assert_eq!(check("broken", "fn"), ["does_not_compile"; 3]);
    assert_eq!(check("stub", &original()), ["not_started"; 3]);
    assert_eq!(
        check("untested", "fn main() {}"),
        ["hidden_tests_missing"; 3]
    );
    assert_eq!(check("blank", " \n"), ["unreadable"; 3]);
    let module = format!("{}\nmod other;\n", reference());
    let folder = teacher.handed_in("module", &[(STUB, &module), ("exercises/other.rs", "")]);
    assert_eq!(
        teacher.check(&folder),
        ["does_not_compile"; 3],
        "it is one file"
    );
}

#[cfg(unix)]
#[test]
fn a_link_leads_nowhere() {
    use std::os::unix::fs::symlink;

    let teacher = Teacher::new();
    let right = teacher.handed_in("right", &[(STUB, &reference())]);
    let file = teacher.handed_in("file", &[("exercises/notes.md", "")]);
    symlink(right.join(STUB), file.join(STUB)).expect("make a link");
    let folder = teacher.handed_in("folder", &[("notes.md", "")]);
    symlink(right.join("exercises"), folder.join("exercises")).expect("make a link");
    let endless = teacher.handed_in("endless", &[("exercises/notes.md", "")]);
    symlink("/dev/zero", endless.join(STUB)).expect("make a link");
    for folder in [file, folder, endless] {
        assert_eq!(
            teacher.check(&folder),
            ["unreadable"; 3],
            "{}",
            folder.display()
        );
    }
}

#[test]
fn a_folder_is_an_answer_as_well() {
    let mut teacher = Teacher::new();
    let reference = reference();
    let (head, task) = reference
        .split_once("pub async fn fetch_all_parallel")
        .expect("it has this task");
    let (body, tail) = task.split_once("\n}\n").expect("the function ends");
    let root = head
        .replace("use std::sync::Arc;\n\n", "")
        .replace("use tokio::task::JoinSet;\n", "");
    let root = format!("{root}mod parallel;\npub use parallel::fetch_all_parallel;\n{tail}");
    let parallel = format!(
        "use std::sync::Arc;\n\nuse async_workbook::services::upstream::{{Page, Upstream}};\n\
         use tokio::task::JoinSet;\n\npub async fn fetch_all_parallel{body}\n}}\n"
    );
    let stub = [("main.rs", "fn main() {}\n")];
    let made = teacher.scratch.make_folder("03_gather", &stub);
    made.expect("the target folder can be written");
    teacher
        .scratch
        .grader()
        .expect("the target folder can be written");

    let files = [
        ("exercises/03_gather/main.rs", root.as_str()),
        ("exercises/03_gather/parallel.rs", parallel.as_str()),
    ];
    let clone = teacher.handed_in("clone", &files);
    assert_eq!(teacher.check(&clone), PASSED);
    let files = [
        ("03_gather/main.rs", root.as_str()),
        ("03_gather/parallel.rs", parallel.as_str()),
    ];
    let files_only = teacher.handed_in("files", &files);
    assert_eq!(teacher.check(&files_only), PASSED);
    #[cfg(unix)]
    {
        let other = files_only.join("03_gather/other");
        std::os::unix::fs::symlink("/", other).expect("make a link");
        assert_eq!(teacher.check(&files_only), ["unreadable"; 3]);
    }
}

#[test]
fn a_class_is_graded_once_and_the_next_run_goes_on_from_there() {
    let teacher = Teacher::new();
    let wrong = wrong();
    let answers: [(&str, &str); 4] = [
        ("anna", &reference()),
        ("ben", &wrong),
        ("=cleo", &wrong),
        ("dora & <co>", "fn"),
    ];
    let folders = answers.map(|(name, answer)| {
        let folder = teacher.handed_in(name, &[(STUB, answer)]);
        folder.to_str().expect("it is text").to_owned()
    });
    let run = |format: &str| {
        let mut arguments = vec!["class", "--jobs", "2", "--format", format];
        arguments.extend(folders.iter().map(String::as_str));
        let output = teacher.run(&arguments);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let lines = String::from_utf8_lossy(&output.stderr).into_owned();
        let document = String::from_utf8(output.stdout).expect("it is text");
        (document.replace("\r\n", "\n"), lines)
    };
    let (text, _) = run("text");
    let (_, table) = text.split_once("\n\n").expect("lines, and then the table");
    insta::assert_snapshot!("class_text", table);
    assert!(text.contains("4/4 "), "{text}");

    // Two of the four are the same answer.
    let kept = teacher.scratch.root().join(".workbook/class/03_gather");
    let files = || fs::read_dir(&kept).expect("it was made").count();
    assert_eq!(files(), 3);
    let (csv, lines) = run("csv");
    assert_eq!(lines.matches("already graded").count(), 4, "{lines}");
    insta::assert_snapshot!("class_csv", csv);
    insta::assert_snapshot!("class_html", run("html").0);

    // What has changed is graded, and nothing else.
    let file = Path::new(&folders[3]).join(STUB);
    write(&file, &reference());
    let (json, lines) = run("json");
    assert_eq!(
        lines.matches("already graded").count(),
        4,
        "anna had it: {lines}"
    );
    insta::assert_snapshot!("class_json", json);
    write(&file, &original());
    let (_, lines) = run("json");
    assert_eq!(lines.matches("already graded").count(), 3, "{lines}");

    // Half of a file, as a power cut leaves it, is not believed.
    for entry in fs::read_dir(&kept).expect("it was made") {
        let file = entry.expect("read the folder").path();
        fs::write(file, "{").expect("write to the folder");
    }
    let (_, lines) = run("csv");
    // Whoever comes second with the same answer finds what came of the first.
    assert_eq!(lines.matches("already graded").count(), 1, "{lines}");
}
