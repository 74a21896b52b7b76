//! The verdict is on what is in the file now, whatever the times of files say, and however it came there.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use futures::TryStreamExt as _;
use overlay::compose;
use proofs::scratch::{Scratch, workbook};
use workbook::{
    course::Course,
    grade::{Graded, Grader, Recompiler},
};

/// A copy of chapter 03, two answers of the same length, and what grades them.
struct Desk {
    scratch: Scratch,
    grader: Grader,
    file: PathBuf,
    right: String,
    wrong: String,
}

impl Desk {
    fn new() -> Self {
        let course = Course::open(&workbook()).expect("read the workbook's own course");
        let chapter = course.chapter("03").expect("find chapter 03");
        let read = |file: &str| fs::read_to_string(workbook().join(file)).expect("read an answer");
        let right = read("solutions/03_gather.rs");
        let overlay = read("solutions/wrong/03_gather/awaits_in_a_loop.rs");
        let wrong = compose(&right, &overlay).expect("compose a wrong answer");
        let length = right.len().max(wrong.len()) + 4;
        let padded = |text: &str| format!("{text}//{}\n", " ".repeat(length - text.len() - 3));

        let mut scratch = Scratch::new().expect("write the target folder");
        let right = padded(&right);
        let file = scratch
            .add_answer("03_gather", &right, chapter)
            .expect("write the target folder");
        let grader = scratch.grader().expect("write the target folder");
        Self {
            grader,
            file,
            wrong: padded(&wrong),
            right,
            scratch,
        }
    }

    async fn passes(&self) -> bool {
        let graded = self.grader.grade(self.scratch.answers()).await;
        let graded: Vec<Graded> = graded
            .expect("call cargo")
            .try_collect()
            .await
            .expect("run the answer");
        graded[0].passed()
    }

    /// Each way in which another text can come into the file, both from right to wrong and back.
    async fn holds_for(&self, come: impl Fn(&Path, &str, SystemTime)) {
        for (text, expected) in [(&self.wrong, false), (&self.right, true)] {
            let before = fs::metadata(&self.file).and_then(|data| data.modified());
            come(&self.file, text, before.expect("the file is there"));
            assert_eq!(self.passes().await, expected);
        }
    }
}

fn write_at(file: &Path, text: &str, time: SystemTime) {
    fs::write(file, text).expect("write a file of the test's own");
    let file = File::options().write(true).open(file);
    let file = file.expect("open a file of the test's own");
    file.set_modified(time).expect("set its time");
}

fn rename_over(file: &Path, text: &str, time: SystemTime) {
    let other = file.with_extension("bak");
    write_at(&other, text, time);
    fs::rename(other, file).expect("rename a file of the test's own");
}

const HOUR: Duration = Duration::from_secs(60 * 60);

/// By every kind of time, written in place and renamed over: as `cp -p`, `mv`, an archive or a synchronised folder do.
async fn every_way(desk: &Desk) {
    desk.holds_for(|file, text, _| fs::write(file, text).expect("write a file of the test's own"))
        .await;
    desk.holds_for(|file, text, before| write_at(file, text, before - HOUR))
        .await;
    desk.holds_for(write_at).await;
    desk.holds_for(|file, text, before| rename_over(file, text, before - HOUR))
        .await;
    desk.holds_for(rename_over).await;
    desk.holds_for(|file, text, before| rename_over(file, text, before + HOUR))
        .await;
}

#[tokio::test]
async fn cargo_builds_what_is_there() {
    let desk = Desk::new();
    assert!(desk.passes().await);
    every_way(&desk).await;
}

#[tokio::test]
async fn so_does_the_compiler_without_cargo() {
    let mut desk = Desk::new();
    desk.grader.recompiler = Some(Recompiler::default());
    // Cargo compiles it, and the compiler's call is learnt.
    fs::write(&desk.file, &desk.wrong).expect("write a file of the test's own");
    assert!(!desk.passes().await);
    every_way(&desk).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_may_lead_elsewhere() {
    let desk = Desk::new();
    let (right, wrong) = (
        desk.scratch.root().join("right.rs"),
        desk.scratch.root().join("wrong.rs"),
    );
    fs::write(&wrong, &desk.wrong).expect("write a file of the test's own");
    fs::write(&right, &desk.right).expect("write a file of the test's own");
    for (target, expected) in [(&right, true), (&wrong, false), (&right, true)] {
        fs::remove_file(&desk.file).expect("remove a file of the test's own");
        std::os::unix::fs::symlink(target, &desk.file).expect("link a file of the test's own");
        assert_eq!(desk.passes().await, expected);
    }
    // What a link leads to may change, too.
    write_at(&right, &desk.wrong, SystemTime::now() - HOUR);
    assert!(!desk.passes().await);
}
