//! `workbook update`, over real git repositories: a course that moves on, and a clone that a learner works in.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// The stub as it comes: two tasks.
const STUB: &str = "\
//! Gather.

/// The first.
pub fn first() -> u32 {
    todo!()
}

/// The second.
pub fn second() -> u32 {
    todo!()
}
";

/// A course, and a clone of it.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("make a temporary folder");
        let desk = Self { folder };
        fs::create_dir(desk.course()).expect("make a folder in it");
        desk.git(
            &desk.course(),
            &["init", "--quiet", "--initial-branch=main"],
        );
        desk.publish(&[
            ("exercises/03_gather.rs", STUB),
            ("exercises/original/03_gather.rs", STUB),
            ("exercises/hidden/03_gather/chapter.toml", "as it was"),
            ("examples/03_gather.rs", "fn main() {}\n"),
            (".gitignore", "/.workbook\n"),
        ]);
        desk.git(
            desk.folder.path(),
            &["clone", "--quiet", "the course", "müller's clone"],
        );
        desk
    }

    fn course(&self) -> PathBuf {
        self.folder.path().join("the course")
    }

    /// With a space and letters that not all systems take for granted.
    fn clone(&self) -> PathBuf {
        self.folder.path().join("müller's clone")
    }

    fn git(&self, folder: &Path, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null());
        let output = isolated(&mut git).output().expect("start git");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// A commit of the course's.
    fn publish(&self, files: &[(&str, &str)]) {
        for (file, text) in files {
            write(&self.course(), file, text);
        }
        self.git(&self.course(), &["add", "--all"]);
        self.git(&self.course(), &["commit", "--quiet", "--message=more"]);
    }

    fn publish_stub(&self, text: &str) {
        self.publish(&[
            ("exercises/03_gather.rs", text),
            ("exercises/original/03_gather.rs", text),
        ]);
    }

    fn edit(&self, file: &str, text: &str) {
        write(&self.clone(), file, text);
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.clone().join(file))
            .unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// What `workbook update` says, and how it ends.
    fn update(&self, arguments: &[&str]) -> (String, i32) {
        said(&self.run(&self.clone(), arguments), self.folder.path())
    }

    fn run(&self, folder: &Path, arguments: &[&str]) -> Output {
        let mut update = Command::new(env!("CARGO_BIN_EXE_workbook"));
        update
            .arg("update")
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .env_remove("CARGO_MANIFEST_DIR")
            .env("COLUMNS", "100")
            .env("GIT_AUTHOR_NAME", "A")
            .env("GIT_AUTHOR_EMAIL", "a@example.org")
            .env("GIT_COMMITTER_NAME", "A")
            .env("GIT_COMMITTER_EMAIL", "a@example.org");
        isolated(&mut update).output().expect("start the workbook")
    }

    /// The clone is at the course's newest commit, or has it among its own.
    fn assert_up_to_date(&self) {
        let newest = self.git(&self.course(), &["rev-parse", "HEAD"]);
        self.git(
            &self.clone(),
            &["merge-base", "--is-ancestor", newest.trim(), "HEAD"],
        );
    }
}

/// Nothing of this machine's own configuration.
fn isolated(command: &mut Command) -> &mut Command {
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env("LC_ALL", "C")
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_WORK_TREE")
}

fn write(root: &Path, file: &str, text: &str) {
    let path = root.join(file);
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("make a folder");
    fs::write(path, text).expect("write a file of the test's own");
}

/// The words, with a name in place of the temporary folder, each paragraph on one line, and the exit status.
fn said(output: &Output, folder: &Path) -> (String, i32) {
    let text = [&*output.stdout, &*output.stderr].concat();
    let text = String::from_utf8(text).expect("it is text");
    let folder = folder.display().to_string();
    let text = text.replace(&folder, "FOLDER");
    let status = output.status.code().expect("it ended by itself");
    (text, status)
}

/// The stub with the first task told in other words.
fn told_better() -> String {
    STUB.replace("/// The first.", "/// The first, told better.")
}

/// The stub with the second task solved.
fn solved() -> String {
    let (before, after) = STUB.rsplit_once("todo!()").expect("there are two");
    format!("{before}2{after}")
}

#[test]
fn without_news_nothing_happens() {
    let desk = Desk::new();
    desk.edit("exercises/03_gather.rs", &solved());
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("up to date"), "{said}");
    assert_eq!(desk.read("exercises/03_gather.rs"), solved());
    assert!(!desk.clone().join(".workbook").exists(), "nothing is kept");
}

#[test]
fn an_untouched_stub_becomes_the_new_one() {
    let desk = Desk::new();
    desk.publish_stub(&told_better());
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 0, "{said}");
    assert_eq!(desk.read("exercises/03_gather.rs"), told_better());
    assert!(!desk.clone().join(".workbook").exists(), "nothing is kept");
    desk.assert_up_to_date();
}

#[test]
fn an_answer_whose_stub_is_the_same_stays_as_it_is() {
    let desk = Desk::new();
    desk.edit("exercises/03_gather.rs", &solved());
    desk.publish(&[("examples/03_gather.rs", "fn main() { println!(); }\n")]);
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 0, "{said}");
    assert_eq!(desk.read("exercises/03_gather.rs"), solved());
    assert_eq!(
        desk.read("examples/03_gather.rs"),
        "fn main() { println!(); }\n"
    );
    desk.assert_up_to_date();
}

#[test]
fn an_answer_is_merged_with_the_new_stub() {
    let desk = Desk::new();
    desk.edit("exercises/03_gather.rs", &solved());
    desk.publish_stub(&told_better());
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 0, "{said}");
    let merged = desk.read("exercises/03_gather.rs");
    assert_eq!(
        merged,
        solved().replace("The first.", "The first, told better.")
    );
    assert_eq!(desk.read(".workbook/kept/03_gather-1.rs"), solved());
    desk.assert_up_to_date();
    insta::assert_snapshot!(said);
}

#[test]
fn where_both_changed_the_same_lines_both_are_there_and_the_words_say_what_to_do() {
    let desk = Desk::new();
    desk.edit("exercises/03_gather.rs", &solved());
    let (before, after) = STUB.rsplit_once("todo!()").expect("there are two");
    desk.publish_stub(&format!("{before}todo!(\"wait\"){after}"));
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 1, "{said}");
    let merged = desk.read("exercises/03_gather.rs");
    for lines in [
        "<<<<<<< your version\n    2\n=======\n",
        "    todo!(\"wait\")\n>>>>>>> the new version\n",
    ] {
        assert!(merged.contains(lines), "{merged}");
    }
    assert_eq!(desk.read(".workbook/kept/03_gather-1.rs"), solved());
    desk.assert_up_to_date();
    insta::assert_snapshot!(said);
}

#[test]
fn a_deleted_stub_stays_deleted() {
    let desk = Desk::new();
    fs::remove_file(desk.clone().join("exercises/03_gather.rs")).expect("delete the stub");
    desk.publish_stub(&told_better());
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 0, "{said}");
    assert!(!desk.clone().join("exercises/03_gather.rs").exists());
    desk.assert_up_to_date();
    insta::assert_snapshot!(said);
}

#[test]
fn a_chapter_that_is_no_longer_there_leaves_a_copy_of_its_answer() {
    let desk = Desk::new();
    desk.edit("exercises/03_gather.rs", &solved());
    desk.git(&desk.course(), &["rm", "--quiet", "exercises/03_gather.rs"]);
    desk.publish(&[]);
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 0, "{said}");
    assert!(!desk.clone().join("exercises/03_gather.rs").exists());
    assert_eq!(desk.read(".workbook/kept/03_gather-1.rs"), solved());
    assert!(said.contains("no longer part of the workbook"), "{said}");
}

#[test]
fn a_lesson_that_was_played_with_is_replaced_and_kept() {
    let desk = Desk::new();
    desk.edit("examples/03_gather.rs", "fn main() { mine(); }\n");
    desk.publish(&[("examples/03_gather.rs", "fn main() { new(); }\n")]);
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 0, "{said}");
    assert_eq!(desk.read("examples/03_gather.rs"), "fn main() { new(); }\n");
    assert_eq!(
        desk.read(".workbook/kept/examples-03_gather-1.rs"),
        "fn main() { mine(); }\n"
    );
}

#[test]
fn a_hidden_test_that_was_changed_gets_no_marks() {
    let desk = Desk::new();
    let tests = "exercises/hidden/03_gather/chapter.toml";
    desk.edit(tests, "mine");
    desk.publish(&[(tests, "new")]);
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 0, "{said}");
    assert_eq!(desk.read(tests), "new");
    assert_eq!(
        desk.read(".workbook/kept/hidden-03_gather-chapter-1.toml"),
        "mine"
    );
}

#[test]
fn a_file_of_the_learners_own_where_a_new_one_comes_is_kept() {
    let desk = Desk::new();
    desk.edit("exercises/09_shared_state.rs", "mine");
    desk.publish(&[("exercises/09_shared_state.rs", "new")]);
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 0, "{said}");
    assert_eq!(desk.read("exercises/09_shared_state.rs"), "new");
    assert_eq!(desk.read(".workbook/kept/09_shared_state-1.rs"), "mine");
}

#[test]
fn answers_that_were_committed_are_merged_as_well() {
    let desk = Desk::new();
    desk.edit("exercises/03_gather.rs", &solved());
    desk.git(
        &desk.clone(),
        &["commit", "--quiet", "--all", "--message=mine"],
    );
    desk.publish_stub(&told_better());
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 0, "{said}");
    let merged = desk.read("exercises/03_gather.rs");
    assert_eq!(
        merged,
        solved().replace("The first.", "The first, told better.")
    );
    assert_eq!(desk.read(".workbook/kept/03_gather-1.rs"), solved());
    desk.assert_up_to_date();
}

#[test]
fn a_conflict_with_a_committed_answer_is_in_the_file_too() {
    let desk = Desk::new();
    desk.edit("exercises/03_gather.rs", &solved());
    desk.git(
        &desk.clone(),
        &["commit", "--quiet", "--all", "--message=mine"],
    );
    let (before, after) = STUB.rsplit_once("todo!()").expect("there are two");
    desk.publish_stub(&format!("{before}todo!(\"wait\"){after}"));
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 1, "{said}");
    assert!(
        desk.read("exercises/03_gather.rs")
            .contains("<<<<<<< your version\n    2\n")
    );
    desk.assert_up_to_date();
}

#[test]
fn what_was_only_staged_is_kept_too() {
    let desk = Desk::new();
    desk.edit("exercises/03_gather.rs", &solved().replace('2', "3"));
    desk.git(&desk.clone(), &["add", "exercises/03_gather.rs"]);
    desk.edit("exercises/03_gather.rs", &solved());
    desk.publish_stub(&told_better());
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 0, "{said}");
    assert_eq!(
        desk.read(".workbook/kept/03_gather-1.rs"),
        solved().replace('2', "3")
    );
    assert_eq!(desk.read(".workbook/kept/03_gather-2.rs"), solved());
}

#[test]
fn a_merge_that_git_refuses_changes_nothing() {
    let desk = Desk::new();
    // Deleted here and changed there: git leaves that to people.
    desk.git(&desk.clone(), &["rm", "--quiet", "examples/03_gather.rs"]);
    desk.git(&desk.clone(), &["commit", "--quiet", "--message=mine"]);
    desk.edit("exercises/03_gather.rs", &solved());
    desk.publish_stub(&told_better());
    desk.publish(&[("examples/03_gather.rs", "fn main() { new(); }\n")]);
    let before = desk.git(&desk.clone(), &["rev-parse", "HEAD"]);
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 3, "{said}");
    assert!(said.contains("nothing was changed"), "{said}");
    assert_eq!(desk.read("exercises/03_gather.rs"), solved());
    assert_eq!(desk.git(&desk.clone(), &["rev-parse", "HEAD"]), before);
    let unmerged = desk.git(&desk.clone(), &["ls-files", "--unmerged"]);
    assert_eq!(unmerged, "", "no merge is left half done");
}

#[test]
fn a_merge_under_way_is_finished_first() {
    let desk = Desk::new();
    desk.publish_stub(&told_better());
    fs::write(desk.clone().join(".git/MERGE_HEAD"), "").expect("write as git would");
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 3, "{said}");
    assert!(said.contains("`git merge --abort`"), "{said}");
    assert_eq!(desk.read("exercises/03_gather.rs"), STUB);
}

#[cfg(unix)]
#[test]
fn an_answer_behind_a_link_is_merged_where_it_is() {
    let desk = Desk::new();
    let answer = desk.folder.path().join("answer.rs");
    fs::write(&answer, solved()).expect("write a file of the test's own");
    let stub = desk.clone().join("exercises/03_gather.rs");
    fs::remove_file(&stub).expect("delete the stub");
    std::os::unix::fs::symlink(&answer, &stub).expect("make a link");
    desk.publish_stub(&told_better());
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 0, "{said}");
    assert!(stub.is_symlink());
    let merged = fs::read_to_string(answer).expect("it is still there");
    assert_eq!(
        merged,
        solved().replace("The first.", "The first, told better.")
    );
}

#[test]
fn another_branch_can_be_named() {
    let desk = Desk::new();
    desk.git(&desk.course(), &["switch", "--quiet", "--create", "autumn"]);
    desk.publish_stub(&told_better());
    desk.git(&desk.course(), &["switch", "--quiet", "main"]);
    let (said, _) = desk.update(&[]);
    assert!(said.contains("up to date"), "{said}");
    let (said, status) = desk.update(&["--branch", "autumn"]);
    assert_eq!(status, 0, "{said}");
    assert_eq!(desk.read("exercises/03_gather.rs"), told_better());
}

#[test]
fn a_remote_that_does_not_answer_is_told_and_nothing_changes() {
    let desk = Desk::new();
    desk.edit("exercises/03_gather.rs", &solved());
    fs::rename(desk.course(), desk.folder.path().join("elsewhere")).expect("move the course");
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 3, "{said}");
    assert!(
        said.contains("`git fetch --quiet origin HEAD` failed"),
        "{said}"
    );
    assert_eq!(desk.read("exercises/03_gather.rs"), solved());
}

#[test]
fn a_folder_without_git_is_told_the_other_way() {
    let desk = Desk::new();
    fs::remove_dir_all(desk.clone().join(".git")).expect("delete a folder of the test's own");
    let (said, status) = desk.update(&[]);
    assert_eq!(status, 3, "{said}");
    insta::assert_snapshot!(said);
}

/// A copy of the real course's chapter 03, in which `stub` is the exercise as it comes.
fn plain_folder(parent: &Path, name: &str, stub: &str) -> PathBuf {
    let root = parent.join(name);
    let chapter = "exercises/hidden/03_gather/chapter.toml";
    let real = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(chapter);
    write(
        &root,
        chapter,
        &fs::read_to_string(real).expect("it is there"),
    );
    write(&root, "exercises/03_gather.rs", stub);
    write(&root, "exercises/original/03_gather.rs", stub);
    root
}

#[test]
fn answers_and_progress_come_from_an_older_folder_which_stays_as_it_is() {
    let desk = Desk::new();
    let old = plain_folder(desk.folder.path(), "old", STUB);
    let new = plain_folder(desk.folder.path(), "new", &told_better());
    write(&old, "exercises/03_gather.rs", &solved());
    let progress = r#"{"version":3,"progress":{"current":"03_gather"}}"#;
    write(&old, ".workbook/progress.json", progress);
    let (said, status) = said(&desk.run(&new, &["--from", "../old"]), desk.folder.path());
    assert_eq!(status, 0, "{said}");
    let read = |root: &Path, file| fs::read_to_string(root.join(file)).expect("it is there");
    assert_eq!(
        read(&new, "exercises/03_gather.rs"),
        solved().replace("The first.", "The first, told better.")
    );
    assert_eq!(read(&old, "exercises/03_gather.rs"), solved());
    assert!(read(&new, ".workbook/progress.json").contains("03_gather"));
    insta::assert_snapshot!(said);
}

#[test]
fn an_answer_that_was_begun_in_the_new_folder_is_left_alone() {
    let desk = Desk::new();
    let old = plain_folder(desk.folder.path(), "old", STUB);
    let new = plain_folder(desk.folder.path(), "new", STUB);
    write(&old, "exercises/03_gather.rs", &solved());
    let begun = solved().replace('2', "22");
    write(&new, "exercises/03_gather.rs", &begun);
    let (said, status) = said(&desk.run(&new, &["--from", "../old"]), desk.folder.path());
    assert_eq!(status, 1, "{said}");
    let read = |file| fs::read_to_string(new.join(file)).expect("it is there");
    assert_eq!(read("exercises/03_gather.rs"), begun);
    assert_eq!(read(".workbook/kept/03_gather-1.rs"), solved());
}

#[test]
fn a_folder_that_holds_no_workbook_is_told() {
    let desk = Desk::new();
    let new = plain_folder(desk.folder.path(), "new", STUB);
    let (said, status) = said(
        &desk.run(&new, &["--from", "../nowhere"]),
        desk.folder.path(),
    );
    assert_eq!(status, 3, "{said}");
    assert!(said.contains("../nowhere holds no workbook"), "{said}");
}
