//! Whatever stands in a learner's file, there is one clear verdict, the other tasks are graded, and
//! nothing that the code started is left.

use std::{fs, path::Path, time::Duration};

use async_workbook::{timeline::Style, verdict::Verdict};
use futures::TryStreamExt as _;
use overlay::{compose, functions};
#[cfg(target_os = "linux")]
use proofs::scratch::is_running;
use proofs::{
    answers::whole,
    scratch::{Scratch, workbook},
};
use workbook::{
    course::{Chapter, Course},
    grade::{Graded, Grader, Outcome},
    progress::Progress,
    report::{self, Unfolded, model::ChapterReport},
    text::{Columns, Painter},
};

/// What the grader must say of the task whose code is hostile.
type Expected = fn(&Verdict) -> bool;

/// Makes a file from the reference solution.
type MakeFile = fn(&str) -> Vec<u8>;

/// Hostile code that takes the place of `fetch_all`'s body, the one task that it may spoil.
const BODIES: &[(&str, &str, Expected)] = &[
    (
        "loops_without_end",
        "loop { std::hint::black_box(upstream); }",
        |verdict| matches!(verdict, Verdict::NeverReturned { .. }),
    ),
    (
        "loops_without_end_in_its_second_call",
        "
        let pages = join_all(paths.iter().map(|path| upstream.fetch(path))).await;
        if upstream.hits() > 50 { loop { std::hint::black_box(&pages); } }
        pages
    ",
        |verdict| {
            // What ran until then is there to be drawn.
            matches!(verdict, Verdict::NeverReturned { timeline, .. } if timeline.rows.len() == 270)
        },
    ),
    (
        "locks_itself_out",
        "
        let lock = std::sync::Mutex::new(());
        let _first = lock.lock();
        let _second = lock.lock();
        let _ = (upstream, paths);
        Vec::new()
    ",
        |verdict| matches!(verdict, Verdict::NeverReturned { .. }),
    ),
    (
        "waits_for_what_never_comes",
        "
        let _ = (upstream, paths);
        let (_sender, receiver) = tokio::sync::oneshot::channel();
        receiver.await.unwrap()
    ",
        |verdict| matches!(verdict, Verdict::Stuck { .. }),
    ),
    (
        "prints_without_end",
        r#"
        let _ = (upstream, paths);
        loop { println!("again and again and again and again and again and again"); }
    "#,
        |verdict| matches!(verdict, Verdict::PrintedTooMuch { .. }),
    ),
    (
        "complains_without_end",
        r#"
        let _ = (upstream, paths);
        loop { eprintln!("again and again and again and again and again and again"); }
    "#,
        |verdict| matches!(verdict, Verdict::PrintedTooMuch { .. }),
    ),
    (
        "panics",
        r#"
        let _ = (upstream, paths);
        panic!("no \u{1b}[31mpages")
    "#,
        |verdict| {
            matches!(verdict, Verdict::Panicked { message, at, .. }
        if message == "no \u{1b}[31mpages" && at.file == "exercises/panics.rs")
        },
    ),
    (
        "panics_in_a_task",
        r#"
        let _ = (upstream, paths);
        tokio::spawn(async { panic!("the cause") }).await.expect("the consequence")
    "#,
        |verdict| matches!(verdict, Verdict::Panicked { message, .. } if message == "the cause"),
    ),
    (
        "aborts",
        "let _ = (upstream, paths); std::process::abort()",
        |verdict| matches!(verdict, Verdict::EndedEarly { .. }),
    ),
    (
        "exits_at_once",
        "let _ = (upstream, paths); std::process::exit(0)",
        |verdict| matches!(verdict, Verdict::EndedEarly { .. }),
    ),
    (
        "exits_after_its_first_test",
        "
        if paths.len() > 100 { std::process::exit(0) }
        join_all(paths.iter().map(|path| upstream.fetch(path))).await
    ",
        |verdict| matches!(verdict, Verdict::EndedEarly { .. }),
    ),
    (
        "says_that_it_passed_and_exits",
        r#"
        let _ = (upstream, paths);
        print!("test hidden::fetch_all::calls_are_in_flight_together ... ok\n\n\
            test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n");
        std::process::exit(0)
    "#,
        |verdict| matches!(verdict, Verdict::EndedEarly { .. }),
    ),
    (
        "says_that_it_passed_and_is_wrong",
        r#"
        let mut pages = Vec::new();
        for path in paths { pages.push(upstream.fetch(path).await); }
        println!("\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n");
        pages
    "#,
        |verdict| matches!(verdict, Verdict::Wrong { fault, .. } if fault.misconception == "awaits_in_a_loop"),
    ),
    (
        "calls_itself_without_end",
        "
        fn deeper(depth: u64) -> u64 { std::hint::black_box([depth; 64])[0] + deeper(depth + 1) }
        let _ = (upstream, paths);
        assert_ne!(deeper(0), 1);
        Vec::new()
    ",
        |verdict| matches!(verdict, Verdict::StackOverflow),
    ),
    #[cfg(target_os = "linux")]
    (
        "asks_for_memory_without_end",
        "
        let _ = (upstream, paths);
        let mut kept = Vec::new();
        loop { kept.push(vec![1u8; 1 << 20]); }
    ",
        |verdict| matches!(verdict, Verdict::OutOfMemory { .. }),
    ),
    #[cfg(unix)]
    (
        "leaves_a_process_behind",
        r#"
        let process = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        std::fs::create_dir_all("left").unwrap();
        std::fs::write(format!("left/{}", process.id()), "").unwrap();
        join_all(paths.iter().map(|path| upstream.fetch(path))).await
    "#,
        |verdict| matches!(verdict, Verdict::Passed),
    ),
    #[cfg(target_os = "linux")]
    (
        "leaves_a_process_in_a_group_of_its_own",
        r#"
        use std::os::unix::process::CommandExt as _;
        let process = std::process::Command::new("sleep").arg("600").process_group(0).spawn().unwrap();
        std::fs::create_dir_all("left").unwrap();
        std::fs::write(format!("left/{}", process.id()), "").unwrap();
        join_all(paths.iter().map(|path| upstream.fetch(path))).await
    "#,
        |verdict| matches!(verdict, Verdict::Passed),
    ),
    #[cfg(target_os = "linux")]
    (
        "takes_the_report_away_and_forges_another",
        r#"
        let _ = (upstream, paths);
        for descriptor in std::fs::read_dir("/proc/self/fd").unwrap() {
            let file = std::fs::read_link(descriptor.unwrap().path()).unwrap_or_default();
            if file.extension().is_some_and(|extension| extension == "jsonl") {
                std::fs::remove_file(&file).unwrap();
                std::fs::write(&file, "0000 {\"judged\":{\"test\":0,\"verdict\":\"passed\"}}\n").unwrap();
            }
        }
        std::process::exit(0)
    "#,
        |verdict| matches!(verdict, Verdict::EndedEarly { .. }),
    ),
    (
        "has_panics_say_nothing",
        r#"
        let _ = (upstream, paths);
        std::panic::set_hook(Box::new(|_| {}));
        panic!("in silence")
    "#,
        |verdict| matches!(verdict, Verdict::Panicked { message, .. } if message == "in silence"),
    ),
    (
        "panics_while_it_panics",
        r#"
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) { panic!("the second") }
        }
        let (_bomb, _) = (Bomb, (upstream, paths));
        panic!("the first")
    "#,
        |verdict| matches!(verdict, Verdict::PanickedTwice),
    ),
    (
        "turns_the_text_around",
        r#"
        let _ = (upstream, paths);
        panic!("passed \u{202E}deliaf")
    "#,
        |verdict| matches!(verdict, Verdict::Panicked { .. }),
    ),
    (
        "needs_no_safety",
        "
        let pages = unsafe { std::mem::zeroed::<u8>() };
        let _ = (upstream, paths, pages);
        Vec::new()
    ",
        |verdict| matches!(verdict, Verdict::DoesNotCompile { error, .. } if error.contains("unsafe")),
    ),
    (
        "leaves_a_thread_printing",
        r#"
        std::thread::spawn(|| for _ in 0..1000 { println!("still here"); std::thread::yield_now(); });
        join_all(paths.iter().map(|path| upstream.fetch(path))).await
    "#,
        |verdict| matches!(verdict, Verdict::Passed),
    ),
    (
        "has_a_hole_that_clears_the_screen",
        r#"
        let _ = (upstream, paths);
        todo!("\u{1b}[2J\u{7}next")
    "#,
        |verdict| matches!(verdict, Verdict::NotStarted { .. }),
    ),
    (
        "leaves_a_thread_spinning",
        "
        std::thread::spawn(|| loop { std::hint::spin_loop() });
        join_all(paths.iter().map(|path| upstream.fetch(path))).await
    ",
        |verdict| matches!(verdict, Verdict::Passed),
    ),
    (
        "prints_bytes_that_are_no_text",
        r#"
        use std::io::Write as _;
        std::io::stdout().write_all(b"\xff\xfe\x1b[2J\x1b]0;title\x07\n").unwrap();
        let mut pages = Vec::new();
        for path in paths { pages.push(upstream.fetch(path).await); }
        pages
    "#,
        |verdict| matches!(verdict, Verdict::Wrong { .. }),
    ),
    ("lets_its_body_be", "", |verdict| {
        matches!(verdict, Verdict::DoesNotCompile { error, in_hidden_tests: false }
            if error.contains("mismatched types") && error.contains("exercises/lets_its_body_be.rs:"))
    }),
];

/// Files that are hostile as a whole.
const FILES: &[(&str, MakeFile, Expected)] = &[
    (
        "is_empty",
        |_| Vec::new(),
        |verdict| matches!(verdict, Verdict::Unreadable { cause } if cause == "empty"),
    ),
    (
        "is_blank",
        |_| b" \n\n".to_vec(),
        |verdict| matches!(verdict, Verdict::Unreadable { cause } if cause == "empty"),
    ),
    (
        "is_not_utf8",
        |reference| [reference.as_bytes(), b"\n// caf\xe9\n"].concat(),
        |verdict| matches!(verdict, Verdict::Unreadable { cause } if cause.contains("UTF-8") && cause.contains("line")),
    ),
    (
        "is_in_utf16",
        |reference| {
            reference
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect()
        },
        |verdict| matches!(verdict, Verdict::Unreadable { cause } if cause.contains("UTF-16") && cause.contains("UTF-8")),
    ),
    (
        "is_not_rust",
        |_| b"dear compiler,\n".to_vec(),
        |verdict| matches!(verdict, Verdict::DoesNotCompile { error, .. } if error.contains("exercises/is_not_rust.rs:1:")),
    ),
    (
        "changes_a_signature",
        |reference| {
            reference
                .replace("user_id: u64", "user_id: &str")
                .into_bytes()
        },
        |verdict| {
            matches!(
                verdict,
                Verdict::DoesNotCompile {
                    in_hidden_tests: true,
                    ..
                }
            )
        },
    ),
    (
        "has_no_footer",
        |reference| {
            reference
                .split("hidden_gather::grade!")
                .next()
                .unwrap_or_default()
                .into()
        },
        |verdict| matches!(verdict, Verdict::HiddenTestsMissing),
    ),
    (
        "brings_its_own_hidden_tests",
        |reference| {
            let mut text = reference
                .split("hidden_gather::grade!")
                .next()
                .unwrap_or_default()
                .to_owned();
            text.push_str("#[cfg(test)] mod hidden { #[test] fn fetch_all() {} }");
            text.into_bytes()
        },
        |verdict| matches!(verdict, Verdict::HiddenTestsMissing),
    ),
];

struct Graders {
    scratch: Scratch,
    expected: Vec<(String, Expected)>,
    chapter: Chapter,
    reference: String,
}

impl Graders {
    fn new() -> Self {
        let course = Course::open(&workbook()).expect("this is the workbook");
        let chapter = course.select(&["03".into()]).expect("it is there")[0].clone();
        let reference = whole(&workbook().join("solutions/03_gather.rs")).expect("it is there");
        Self {
            scratch: Scratch::new().expect("the target folder can be written"),
            expected: Vec::new(),
            chapter,
            reference,
        }
    }

    fn add(
        &mut self,
        name: &str,
        text: impl AsRef<[u8]>,
        expected: Expected,
    ) -> std::path::PathBuf {
        self.expected.push((name.into(), expected));
        self.scratch
            .add_answer(name, text, &self.chapter)
            .expect("the target folder can be written")
    }

    fn with_body(&self, body: &str) -> String {
        let functions = functions(&self.reference).expect("it is Rust");
        let mut functions = functions.iter();
        let sound = functions.find(|function| function.name == "fetch_all");
        let overlay = sound.expect("it is the first task").with_body(body);
        compose(&self.reference, &overlay).expect("a body takes the place of another")
    }

    async fn grade(&self, grader: &Grader) -> Vec<Graded> {
        grader
            .grade(self.scratch.answers())
            .await
            .expect("cargo works")
            .try_collect()
            .await
            .expect("the answers can be run")
    }
}

#[tokio::test]
async fn every_hostile_answer_gets_one_clear_verdict() {
    let mut graders = Graders::new();
    for (name, body, expected) in BODIES {
        let text = graders.with_body(body);
        graders.add(name, text, *expected);
    }
    for (name, text, expected) in FILES {
        let text = text(&graders.reference);
        graders.add(name, text, *expected);
    }
    let missing = graders.add(
        "is_missing",
        "",
        |verdict| matches!(verdict, Verdict::Unreadable { cause } if cause == "missing"),
    );
    fs::remove_file(missing).expect("it was just written");
    let folder = graders.add(
        "is_a_folder",
        "",
        |verdict| matches!(verdict, Verdict::Unreadable { cause } if cause.contains("folder")),
    );
    fs::remove_file(&folder).expect("it was just written");
    fs::create_dir(folder).expect("nothing stands there");
    #[cfg(unix)]
    {
        let link = graders.add(
            "is_a_dangling_link",
            "",
            |verdict| matches!(verdict, Verdict::Unreadable { cause } if cause.contains("link")),
        );
        fs::remove_file(&link).expect("it was just written");
        std::os::unix::fs::symlink("nowhere.rs", link).expect("nothing stands there");
    }

    let left = graders.scratch.root().join("left");
    let mut grader = graders
        .scratch
        .grader()
        .expect("the target folder can be written");
    // A sound task takes milliseconds; a hostile one is to be stopped, and need not be given long.
    grader.limits.time = Duration::from_secs(6);
    grader.limits.memory = 256 << 20;
    grader.depth = workbook::grade::Depth::FirstFault;
    let all = graders.grade(&grader).await;
    assert_eq!(all.len(), graders.expected.len());

    let painter = Painter::Colours { links: None };
    for ((name, expected), graded) in std::iter::zip(&graders.expected, &all) {
        let (verdict, others) = match &graded.outcome {
            Outcome::File(verdict) => (verdict, &[][..]),
            Outcome::Tasks(grades) => (&grades[0].verdict, &grades[1..]),
        };
        assert!(expected(verdict), "{name}: {verdict:#?}");
        let report = ChapterReport::new(&graders.chapter, graded, &Progress::default());
        let text = report::graded_text(&report, Unfolded::EachFault, &Style::unicode(80));
        let lines = text.broken(Columns::on_paper(80)).into_iter();
        let text: String = lines.map(|line| painter.paint(&line) + "\n").collect();
        assert!(
            text.contains(&format!("exercises/{name}.rs")),
            "{name}: {text}"
        );
        assert_eq!(commands_to_the_terminal(&text), [""; 0], "{name}: {text:?}");
        for other in others {
            assert_eq!(other.verdict, Verdict::Passed, "{name}: {}", other.task);
        }
    }
    assert_nothing_left(&left);
    assert_little_memory();
}

/// Code that keeps the compiler busy without end, or has it use up the memory of the machine. What is sound beside it is
/// graded all the same.
#[tokio::test]
async fn the_compiler_is_bounded_as_well() {
    let mut graders = Graders::new();
    let reference = graders.reference.clone();
    let with = |items: &str| format!("#![allow(long_running_const_eval)]\n{reference}\n{items}\n");
    graders.add(
        "loops_in_a_constant",
        with("pub const FOREVER: () = loop {};"),
        |verdict| matches!(verdict, Verdict::CompiledTooLong { .. }),
    );
    #[cfg(target_os = "linux")]
    graders.add(
        "includes_zeros_without_end",
        with("pub const ZEROS: &[u8] = include_bytes!(\"/dev/zero\");"),
        |verdict| matches!(verdict, Verdict::CompilerOutOfMemory { .. }),
    );
    graders.add("is_sound", &reference, |verdict| {
        *verdict == Verdict::Passed
    });

    let mut grader = graders.scratch.grader().expect("write the target folder");
    // Long enough for the sound one, however busy the machine is.
    grader.compiler_limits.time = Duration::from_secs(20);
    let all = graders.grade(&grader).await;
    for ((name, expected), graded) in std::iter::zip(&graders.expected, &all) {
        let verdict = match &graded.outcome {
            Outcome::File(verdict) => verdict,
            Outcome::Tasks(grades) => &grades[0].verdict,
        };
        assert!(expected(verdict), "{name}: {verdict:#?}");
    }
}

/// What a terminal would obey in `text`, other than the colours of the report itself.
fn commands_to_the_terminal(text: &str) -> Vec<&str> {
    // Those of words, and those of the strokes of timelines.
    const COLOURS: [&str; 9] = [
        "[0m", "[1m", "[2m", "[22m", "[31m", "[32m", "[33m", "[35m", "[36m",
    ];
    let mut parts = text.split('\u{1b}');
    let first = parts.next().filter(|part| part.contains(is_control));
    let others = parts.filter(|part| {
        let colour = COLOURS.iter().find_map(|colour| part.strip_prefix(colour));
        colour.is_none_or(|rest| rest.contains(is_control))
    });
    first.into_iter().chain(others).collect()
}

fn is_control(c: char) -> bool {
    let turns_around = ('\u{202A}'..='\u{202E}').contains(&c);
    turns_around || (c.is_control() && c != '\n' && c != '\t')
}

/// However much the answers print, the grader keeps little of it. (This process is the grader.)
#[cfg(target_os = "linux")]
fn assert_little_memory() {
    let status = fs::read_to_string("/proc/self/status").expect("Linux has it");
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"))
        .and_then(|kib| kib.trim().parse::<u64>().ok())
        .expect("Linux says it");
    assert!(peak < 200 * 1024, "the grader took {peak} KiB");
}

#[cfg(not(target_os = "linux"))]
fn assert_little_memory() {}

/// The processes that an answer started are gone with it.
#[cfg(target_os = "linux")]
fn assert_nothing_left(folder: &Path) {
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("the answer left a process behind") {
        let id = entry.expect("the folder can be read").file_name();
        let id = id
            .to_string_lossy()
            .parse()
            .expect("it is named for a process");
        assert!(!is_running(id), "process {id} is still there");
        count += 1;
    }
    assert!(count > 0, "the answer left no process behind");
}

#[cfg(not(target_os = "linux"))]
fn assert_nothing_left(_: &Path) {}

/// What a learner wrote is read, and nothing else.
#[tokio::test]
async fn grading_changes_no_file() {
    let mut graders = Graders::new();
    let text = graders.with_body("todo!()");
    let file = graders.add("unchanged", &text, |_| true);
    let before = fs::metadata(&file)
        .and_then(|data| data.modified())
        .expect("it was written");
    let grader = graders
        .scratch
        .grader()
        .expect("the target folder can be written");
    graders.grade(&grader).await;
    assert_eq!(fs::read_to_string(&file).expect("it is still there"), text);
    let after = fs::metadata(&file)
        .and_then(|data| data.modified())
        .expect("it is there");
    assert_eq!(before, after);
}
