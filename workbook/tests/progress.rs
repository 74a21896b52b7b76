//! Progress survives a workbook that is killed at any moment, and two that run at once.

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::Duration,
};

use workbook::progress::Store;

/// Tells this program, run as a child, which folder to write into, and under which name.
const CHILD: &str = "WORKBOOK_TEST_CHILD";

/// How often a workbook is killed.
const KILLS: u32 = 500;

/// What the children run: it takes one hint after another, and says so each time that one is kept.
///
/// As a test of its own it does nothing, and passes.
#[test]
fn child() {
    let Ok(orders) = env::var(CHILD) else {
        return;
    };
    let (name, folder) = orders.split_once('=').expect("the parent gives both");
    let store = Store::in_folder(PathBuf::from(folder));
    let mut out = std::io::stdout();
    loop {
        let mut kept = 0;
        store
            .update(|progress| {
                let task = progress.task_mut("03_gather", name);
                task.hints += 1;
                kept = task.hints;
            })
            .expect("the folder is the parent's");
        // The parent goes away in the end, and this with it.
        if writeln!(out, "kept {kept}")
            .and_then(|()| out.flush())
            .is_err()
        {
            return;
        }
    }
}

fn spawn(name: &str, folder: &Path) -> (Child, BufReader<ChildStdout>) {
    let mut child = Command::new(env::current_exe().expect("this program has a path"))
        .args(["--exact", "child", "--nocapture"])
        .env(CHILD, format!("{name}={}", folder.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("this program can be started");
    let out = child.stdout.take().expect("it is piped");
    (child, BufReader::new(out))
}

/// The last hint that a child said it had kept.
fn last_kept(out: BufReader<ChildStdout>) -> Option<usize> {
    out.lines()
        .map_while(Result::ok)
        .filter_map(|line| {
            let number = line.rsplit_once("kept ")?.1;
            number.parse().ok()
        })
        .last()
}

#[test]
fn what_was_kept_survives_a_kill_at_any_moment() {
    let folder = tempfile::tempdir().expect("the system has a temporary folder");
    let store = Store::in_folder(folder.path().join("store"));
    let mut kept = 0;
    for kill in 0..KILLS {
        let (mut child, mut out) = spawn("task", &folder.path().join("store"));
        // Once it writes, it is killed after another while each time, up to several updates long.
        let mut first = String::new();
        while !first.contains("kept") {
            first.clear();
            let read = out.read_line(&mut first).expect("it speaks UTF-8");
            assert!(read > 0, "the child ended before it was killed");
        }
        thread::park_timeout(Duration::from_micros(u64::from(kill * 37 % 5000)));
        child.kill().expect("it runs");
        child.wait().expect("it was killed");
        kept = last_kept(out).unwrap_or(kept + 1);

        let opened = store.open().expect("it can be read");
        assert_eq!(opened.recovery, None, "kill {kill}");
        let found = opened.progress.hints("03_gather", "task");
        // The last update may have reached the disk before the child could say so.
        assert!(
            found == kept || found == kept + 1,
            "kill {kill}: {kept} were kept, {found} are there"
        );
        kept = found;
    }
    assert!(kept >= KILLS as usize);
    let files = fs::read_dir(folder.path().join("store")).expect("it is there");
    let files = files.count();
    assert!(
        files <= 5,
        "{files} files: the killed leave ever more behind"
    );
}

#[test]
fn two_workbooks_at_once_lose_nothing_of_each_other() {
    let folder = tempfile::tempdir().expect("the system has a temporary folder");
    let path = folder.path().join("store");
    let mut children: Vec<_> = ["one", "two"].map(|name| (name, spawn(name, &path))).into();
    for (_, (_, out)) in &mut children {
        let mut seen = 0;
        let mut line = String::new();
        while seen < 50 {
            line.clear();
            assert!(out.read_line(&mut line).expect("it speaks UTF-8") > 0);
            seen += usize::from(line.contains("kept"));
        }
    }
    for (name, (mut child, out)) in children {
        child.kill().expect("it runs");
        child.wait().expect("it was killed");
        let kept = last_kept(out).unwrap_or(50);
        let progress = Store::in_folder(path.clone())
            .open()
            .expect("it can be read")
            .progress;
        let found = progress.hints("03_gather", name);
        assert!(
            (kept..=kept + 1).contains(&found),
            "{name}: {kept} were kept, {found} are there"
        );
    }
}
