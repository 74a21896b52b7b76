//! An exercise with several files is one exercise: graded, shown and brought back as one, and its verdicts name the file.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use proofs::scratch::{Scratch, workbook};
use workbook::course::Course;

const SLUG: &str = "03_gather";

/// A copy of the workbook in which the exercise of chapter 03 is a folder.
struct Clone {
    scratch: Scratch,
    folder: PathBuf,
}

impl Clone {
    /// The answer has its third task in a file of its own.
    fn new() -> Self {
        let mut scratch = Scratch::new().expect("the target folder can be written");
        let course = Course::open(&workbook()).expect("this is the workbook");
        let chapter = course.chapter("03").expect("it is there");
        let added = scratch.add_chapter(chapter);
        added.expect("the target folder can be written");
        let (root, parallel) = halves();
        let files = [
            ("main.rs", root.as_str()),
            ("parallel.rs", parallel.as_str()),
        ];
        let folder = scratch.make_folder(SLUG, &files);
        let folder = folder.expect("the target folder can be written");
        scratch.grader().expect("the target folder can be written");
        Self { scratch, folder }
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.folder.join(file), text).expect("the copy is ours");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_workbook"));
        command
            .args(arguments)
            .current_dir(self.scratch.root())
            .env("CARGO_TARGET_DIR", self.scratch.target_dir())
            .env("COLUMNS", "100")
            .stdin(Stdio::null());
        for variable in [
            "CARGO_MANIFEST_DIR",
            "CLICOLOR_FORCE",
            "WORKBOOK_TIME_LIMIT",
        ] {
            command.env_remove(variable);
        }
        command.output().expect("start the workbook")
    }

    fn said(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        String::from_utf8([output.stdout, output.stderr].concat()).expect("it is text")
    }
}

/// The reference in two files: the root, and the one with the last task.
fn halves() -> (String, String) {
    let reference = fs::read_to_string(workbook().join("solutions/03_gather.rs"));
    let reference = reference.expect("it is there");
    let (before, after) = reference
        .split_once("pub async fn fetch_all_parallel")
        .expect("it has this task");
    let (body, after) = after.split_once("\n}\n").expect("the function ends");
    let imports = "use std::sync::Arc;\n\nuse async_workbook::services::upstream::{Page, Upstream};\nuse tokio::task::JoinSet;\n";
    let root = before
        .replace("use std::sync::Arc;\n\n", "")
        .replace("use tokio::task::JoinSet;\n", "");
    (
        format!("{root}mod parallel;\npub use parallel::fetch_all_parallel;\n{after}"),
        format!("{imports}\npub async fn fetch_all_parallel{body}\n}}\n"),
    )
}

/// One call after the other, each in a task.
fn one_after_the_other() -> String {
    let (_, parallel) = halves();
    let (before, _) = parallel
        .split_once("    let mut tasks")
        .expect("the body begins");
    format!(
        "{before}    let mut pages = Vec::new();
    for path in paths {{
        let upstream = Arc::clone(&upstream);
        let page = tokio::spawn(async move {{ upstream.fetch(&path).await }});
        pages.push(page.await.expect(\"the task doesn't panic\"));
    }}
    pages
}}
"
    )
    .replace("use tokio::task::JoinSet;\n", "")
}

#[test]
fn a_folder_is_graded_as_one_exercise_and_its_verdicts_name_the_file() {
    let clone = Clone::new();
    let output = clone.run(&["check", "03"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("3 of 3 tasks passed"), "{said}");

    clone.write("parallel.rs", &one_after_the_other());
    let said = clone.said(&["check", "03", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&said).expect("it is JSON");
    let task = &report["chapters"][0]["tasks"][2];
    assert_eq!(
        task["place"]["file"], "exercises/03_gather/parallel.rs",
        "{task:#}"
    );
    assert_eq!(task["state"], "wrong", "{task:#}");
    let file = clone.folder.join("parallel.rs");
    let file = file.to_str().expect("it is text");
    let said = clone.said(&["check", "--format", "rustc", file]);
    let line = said
        .lines()
        .find(|line| line.contains("workbook::task_awaited_at_once"));
    let line = line.unwrap_or_else(|| panic!("{said}"));
    assert!(
        line.contains(r#""file_name":"exercises/03_gather/parallel.rs""#),
        "{line}"
    );

    // What is in any of its files decides, whatever their times say.
    let (_, right) = halves();
    clone.write("parallel.rs", &right);
    let past = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    let file = fs::File::options()
        .append(true)
        .open(clone.folder.join("parallel.rs"));
    let file = file.expect("open the copy's file");
    file.set_modified(past).expect("change its time");
    drop(file);
    let said = clone.said(&["check", "03"]);
    assert!(said.contains("3 of 3 tasks passed"), "{said}");

    fs::write(clone.folder.join("parallel.rs"), b"pub fn \xff").expect("the copy is ours");
    let said = clone.said(&["check", "03"]);
    assert!(
        said.contains("03_gather/parallel.rs is not in UTF-8"),
        "{said}"
    );

    fs::remove_file(clone.folder.join("parallel.rs")).expect("the copy is ours");
    let said = clone.said(&["check", "03"]);
    assert!(said.contains("E0583"), "{said}");
    let said = clone.said(&["reset", "03"]);
    assert!(said.contains("exercises/03_gather is back."), "{said}");
    assert_eq!(
        fs::read_to_string(clone.folder.join("parallel.rs")).expect("it is back"),
        right
    );
}
