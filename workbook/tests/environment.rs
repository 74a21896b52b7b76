//! Faults of the surroundings end in a clear sentence, and in a verdict if the answer can be graded all the same.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use proofs::scratch::{Scratch, workbook};
use workbook::course::Course;

/// A copy of the workbook in which chapter 03 holds `text`.
fn clone_with(text: impl AsRef<[u8]>) -> Scratch {
    let mut scratch = Scratch::new().expect("write the target folder");
    let course = Course::open(&workbook()).expect("open the workbook's own course");
    let chapter = course.chapter("03").expect("find chapter 03");
    let stub = scratch.add_chapter(chapter).expect("write the copy");
    fs::write(stub, text).expect("write the copy");
    scratch.grader().expect("write the copy's manifests");
    scratch
}

fn reference() -> String {
    fs::read_to_string(workbook().join("solutions/03_gather.rs")).expect("read the reference")
}

/// `workbook check 03`, with nothing of this terminal.
fn check(scratch: &Scratch) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workbook"));
    command
        .args(["check", "03"])
        .current_dir(scratch.root())
        .env("CARGO_TARGET_DIR", scratch.target_dir())
        .stdin(Stdio::null());
    for variable in [
        "CARGO_MANIFEST_DIR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "RUSTFLAGS",
        "WORKBOOK_TIME_LIMIT",
    ] {
        command.env_remove(variable);
    }
    command
}

fn run(command: &mut Command) -> Output {
    command.output().expect("start the workbook")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("read a report in UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The answer is right, and was found to be.
#[track_caller]
fn assert_passes(command: &mut Command) {
    let output = run(command);
    assert_eq!(
        (output.status.code(), stderr(&output)),
        (Some(0), String::new()),
        "{}",
        stdout(&output)
    );
    assert!(
        stdout(&output).contains("3 of 3 tasks passed"),
        "{}",
        stdout(&output)
    );
}

/// The answer is not graded, and this is said of its file.
#[track_caller]
fn assert_not_graded(command: &mut Command, why: &[&str]) {
    let output = run(command);
    assert_eq!(
        (output.status.code(), stderr(&output)),
        (Some(1), String::new())
    );
    let text = stdout(&output);
    // A report is wrapped.
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for why in why {
        assert!(words.contains(why), "{why}: {text}");
    }
}

/// The answer with a line before its first that no other run had: what is graded is compiled, too.
fn never_compiled_before(text: &str) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = now.expect("read the clock").as_nanos();
    format!("{text}\n// {now}\n")
}

/// `check 03` with this folder for temporary files.
fn check_with_temporary_folder(scratch: &Scratch, folder: &Path) -> Command {
    let mut command = check(scratch);
    for variable in ["TMPDIR", "TMP", "TEMP"] {
        command.env(variable, folder);
    }
    command
}

#[test]
fn no_folder_for_temporary_files_costs_no_verdict() {
    let scratch = clone_with(never_compiled_before(&reference()));
    let folder = scratch.root().join("no-such-folder");
    assert_passes(&mut check_with_temporary_folder(&scratch, &folder));
}

#[cfg(unix)]
#[test]
fn a_folder_for_temporary_files_that_cannot_be_written_costs_no_verdict() {
    use std::os::unix::fs::PermissionsExt as _;

    let scratch = clone_with(never_compiled_before(&reference()));
    let folder = tempfile::tempdir().expect("make a temporary folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555))
        .expect("take the right to write away");
    if tempfile::tempfile_in(folder.path()).is_ok() {
        println!("skipped: root may write into every folder");
        return;
    }
    assert_passes(&mut check_with_temporary_folder(&scratch, folder.path()));
}

/// A file system of 64 KiB, until it is dropped.
#[cfg(target_os = "linux")]
struct FullFolder(tempfile::TempDir);

#[cfg(target_os = "linux")]
impl FullFolder {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().expect("make a temporary folder");
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null());
        let mounted = mount.status().is_ok_and(|status| status.success());
        mounted.then_some(Self(folder))
    }
}

#[cfg(target_os = "linux")]
impl Drop for FullFolder {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(self.0.path()).status();
        let unmounted = unmounted.is_ok_and(|status| status.success());
        assert!(unmounted || std::thread::panicking(), "unmount it");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_folder_for_temporary_files_costs_no_verdict() {
    let Some(full) = FullFolder::mount() else {
        println!("skipped: only root may mount a file system of a few bytes");
        return;
    };
    let scratch = clone_with(never_compiled_before(&reference()));
    assert_passes(&mut check_with_temporary_folder(&scratch, full.0.path()));
}

/// A disk that is full where cargo builds is no fault of the answer, and cargo's words are not the learner's.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_says_what_to_do() {
    let Some(full) = FullFolder::mount() else {
        println!("skipped: only root may mount a file system of a few bytes");
        return;
    };
    let scratch = clone_with(reference());
    let output = run(check(&scratch).env("CARGO_TARGET_DIR", full.0.path()));
    assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
    let said = stderr(&output);
    assert!(
        said.starts_with("error: the disk is full") && said.contains("`cargo clean`"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

/// The reference solution with one more item.
fn reference_with(item: &str) -> String {
    const LAST: &str = "// Hands these functions";
    let text = reference();
    assert!(text.contains(LAST), "the last lines begin otherwise now");
    text.replace(LAST, &format!("{item}\n\n{LAST}"))
}

const UNUSED: &str = "use std::rc::Rc;";
const UNSAFE: &str = "use std::rc::Rc;\npub fn zero() -> u8 { unsafe { std::mem::zeroed() } }";

/// Has cargo refuse the answer for a warning, without compiling all that it depends on anew, as with `RUSTFLAGS`.
fn deny_warnings(scratch: &Scratch) {
    let manifest = scratch.root().join("exercises/hidden/03_gather/Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("read the copy's manifest");
    let denied = text.replace("[lints.rust]\n", "[lints.rust]\nwarnings = \"deny\"\n");
    assert_ne!(text, denied, "the chapter has lints");
    fs::write(manifest, denied).expect("write the copy's manifest");
}

#[test]
fn a_warning_that_is_denied_costs_no_verdict() {
    let scratch = clone_with(reference_with(UNUSED));
    deny_warnings(&scratch);
    assert_passes(&mut check(&scratch));

    // Another answer with an older time, as from an archive: what was built before is not run in its place.
    const RIGHT: &str = "join_all(paths.iter().map(|path| upstream.fetch(path))).await";
    let wrong = reference_with(UNUSED).replace(RIGHT, "let _ = (upstream, paths);\n    Vec::new()");
    assert_ne!(wrong, reference_with(UNUSED), "the reference was rewritten");
    let stub = scratch.root().join("exercises/03_gather.rs");
    let before = fs::metadata(&stub).and_then(|data| data.modified());
    let before = before.expect("read the time of the copy");
    fs::write(&stub, wrong).expect("write the copy");
    let file = fs::File::options().write(true).open(&stub);
    file.and_then(|file| file.set_modified(before - std::time::Duration::from_secs(3600)))
        .expect("set the time of the copy");
    let text = stdout(&run(&mut check(&scratch)));
    assert!(text.contains("2 of 3 tasks passed, 1 wrong"), "{text}");

    fs::write(stub, reference_with(UNSAFE)).expect("write the copy");
    let why = ["does not compile", "usage of an `unsafe` block"];
    assert_not_graded(&mut check(&scratch), &why);
}

#[test]
#[ignore = "with other flags, all that answers depend on is compiled anew: minutes"]
fn flags_for_the_compiler_cost_no_verdict() {
    let scratch = clone_with(reference_with(UNUSED));
    let built = scratch.root().join("built-with-flags");
    let check = || {
        let mut check = check(&scratch);
        check
            .env("RUSTFLAGS", "-D warnings")
            .env("CARGO_TARGET_DIR", &built);
        check
    };
    assert_passes(&mut check());
    let stub = scratch.root().join("exercises/03_gather.rs");
    fs::write(stub, reference_with(UNSAFE)).expect("write the copy");
    let why = ["does not compile", "usage of an `unsafe` block"];
    assert_not_graded(&mut check(), &why);
}

#[test]
fn text_in_another_encoding_is_named_with_what_to_do() {
    let scratch = clone_with("");
    let stub = scratch.root().join("exercises/03_gather.rs");
    let text = "// Der Fehler läßt grüßen.\nfn main() {}\n";
    let units = text.encode_utf16();
    let with_mark = std::iter::once(0xfeff).chain(units.clone());
    let utf16 = [
        with_mark.clone().flat_map(u16::to_le_bytes).collect(),
        with_mark.flat_map(u16::to_be_bytes).collect(),
        units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
    ];
    for bytes in utf16 {
        fs::write(&stub, bytes).expect("write the copy");
        let why = ["the file is in UTF-16; save it as UTF-8"];
        assert_not_graded(&mut check(&scratch), &why);
    }
    let latin1: Vec<u8> = format!("\n{text}")
        .chars()
        .map(|character| u8::try_from(character).expect("encode it in Latin-1"))
        .collect();
    fs::write(&stub, latin1).expect("write the copy");
    let why = ["the file is not in UTF-8", "line 2 has", "save it as UTF-8"];
    assert_not_graded(&mut check(&scratch), &why);
}

/// Notepad puts it there.
#[test]
fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    let text = format!("\u{feff}{}", reference()).replace('\n', "\r\n");
    let scratch = clone_with(text);
    assert_passes(&mut check(&scratch));
}

#[test]
fn a_typing_error_in_the_name_of_a_chapter_is_taken_for_one() {
    let scratch = clone_with(reference());
    for command in ["check", "hint", "lesson", "reset", "quiz", "solution"] {
        let mut misspelt = Command::new(env!("CARGO_BIN_EXE_workbook"));
        misspelt
            .args([command, "gahter"])
            .current_dir(scratch.root())
            .env_remove("CARGO_MANIFEST_DIR")
            .stdin(Stdio::null());
        let output = run(&mut misspelt);
        assert_eq!(output.status.code(), Some(2), "{command}");
        assert_eq!(
            stderr(&output),
            "error: no chapter is called `gahter`; did you mean `03_gather`?\n",
            "{command}"
        );
    }
}

#[test]
fn every_folder_of_the_clone_will_do() {
    let scratch = clone_with(reference());
    for folder in ["exercises", "exercises/hidden/03_gather", "book/src"] {
        let folder = scratch.root().join(folder);
        assert!(folder.is_dir(), "{} is a folder", folder.display());
        assert_passes(check(&scratch).current_dir(folder));
    }
}
