//! Grades answers that stand in another folder: what learners handed in.
//!
//! Of that folder, nothing counts but the text of the answers. Each is read as it is, copied to a desk of its own in the
//! target folder, and compiled there by the call with which cargo compiles the exercise of its name in this clone. So
//! manifests, build scripts, settings of cargo and hidden tests of the other folder have no effect, and nothing is ever
//! written to it. What answers depend on is built once for all of them.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use async_workbook::verdict::Verdict;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{
    AnswerFile, Built, Cargo, CompileError, GradeError, Graded, Grader, Outcome, Recompiler,
    Sources, recompile::Called,
};
use crate::course::{Chapter, Course};

/// The folder in which exercises are, in a clone.
const EXERCISES: &str = "exercises";

/// A folder with answers that somebody handed in: a clone, or nothing but the exercise files.
#[derive(Clone, Debug)]
pub struct HandedIn {
    folder: PathBuf,
}

impl HandedIn {
    /// Takes a folder as it is.
    ///
    /// # Errors
    ///
    /// It is no folder, or cannot be read.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::read_dir(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// Whether there is an answer to this chapter, whatever is in it.
    #[must_use]
    pub fn has(&self, chapter: &Chapter) -> bool {
        self.place_of(chapter).is_some()
    }

    /// What is in the answer to a chapter. The files have the names that they would have in a clone.
    ///
    /// # Errors
    ///
    /// What the file is, if it is not a file that can be compiled. A link is none: it could lead to the answer of somebody
    /// else.
    pub async fn read(&self, chapter: &Chapter) -> Result<Sources, String> {
        let Some((parent, answer)) = self.place_of(chapter) else {
            return Err("missing".to_owned());
        };
        let top = parent.join(answer.folder.as_ref().unwrap_or(&answer.file));
        let exercises = parent.clone();
        let is_clone = parent != self.folder;
        let checked = spawn_blocking(move || {
            if is_clone && exercises.is_symlink() {
                return Err("in a folder that is a link; hand in the folder itself".to_owned());
            }
            refuse_links(&top, &mut MOST_ENTRIES.clone())
        });
        checked
            .await
            .expect("it doesn't panic and is not aborted")?;
        Ok(answer.read(&parent).await?.below(EXERCISES))
    }

    /// The folder that has the answer to a chapter, and the answer's files from there.
    fn place_of(&self, chapter: &Chapter) -> Option<(PathBuf, AnswerFile)> {
        let answer = AnswerFile::of_chapter(chapter);
        let below = |file: &Path| file.strip_prefix(EXERCISES).unwrap_or(file).to_owned();
        let answer = AnswerFile {
            file: below(&answer.file),
            folder: answer.folder.as_deref().map(below),
            ..answer
        };
        let top = answer.folder.as_ref().unwrap_or(&answer.file);
        let parents = [self.folder.join(EXERCISES), self.folder.clone()];
        let parent = parents
            .into_iter()
            .find(|parent| parent.join(top).symlink_metadata().is_ok())?;
        Some((parent, answer))
    }
}

/// How many files and folders are looked at in an answer.
const MOST_ENTRIES: usize = 1000;

/// Refuses an answer that is a link, or has one in its folder. Those that are not followed lead nowhere.
fn refuse_links(path: &Path, left: &mut usize) -> Result<(), String> {
    let unreadable = |error: io::Error| format!("not readable ({error})");
    let data = fs::symlink_metadata(path).map_err(unreadable)?;
    if data.is_symlink() {
        return Err("a link, or has a link in its folder; hand in the files themselves".to_owned());
    }
    if data.is_dir() {
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            *left = left
                .checked_sub(1)
                .ok_or_else(|| format!("in a folder with more than {MOST_ENTRIES} files"))?;
            refuse_links(&entry.path(), left)?;
        }
    }
    Ok(())
}

/// Grades what was handed in as this clone grades its own answers.
#[derive(Debug)]
pub struct Examiner {
    grader: Grader,
    recompiler: Recompiler,
    /// The folder of this clone.
    root: PathBuf,
}

impl Examiner {
    /// Builds what answers to these chapters depend on, and learns how they are compiled. The answers of this clone are
    /// compiled for it, and need not be right, nor even compile.
    ///
    /// # Errors
    ///
    /// Cargo could not be started, or did not come as far as compiling.
    ///
    /// # Cancel safety
    ///
    /// Dropping this stops cargo.
    pub async fn prepare(
        grader: &Grader,
        course: &Course,
        chapters: &[&Chapter],
    ) -> Result<Self, GradeError> {
        let recompiler = Recompiler::default();
        let grader = Grader {
            recompiler: Some(recompiler.clone()),
            ..grader.clone()
        };
        let answers = chapters.iter().copied().map(AnswerFile::of_chapter);
        let mut unknown: Vec<AnswerFile> = answers.collect();
        let built = grader.build(&unknown).await?;
        unknown.retain(|answer| !recompiler.knows(&answer.target));
        if !unknown.is_empty() {
            // Cargo says only how it compiles what is not there yet.
            for answer in &unknown {
                if let Some(Built::Program(program)) = built.get(&answer.target) {
                    let removed = fs::remove_file(program);
                    removed.map_err(|source| GradeError::Compiled {
                        program: program.clone(),
                        source,
                    })?;
                }
            }
            grader.build(&unknown).await?;
        }
        if let Some(answer) = unknown
            .into_iter()
            .find(|answer| !recompiler.knows(&answer.target))
        {
            return Err(GradeError::NotLearned(answer.file));
        }
        Ok(Self {
            grader,
            recompiler,
            root: course.root().to_owned(),
        })
    }

    /// Grades an answer with this text.
    ///
    /// # Errors
    ///
    /// Not the fault of the answer: it has no place to be compiled in, or the hidden tests were changed meanwhile.
    ///
    /// # Cancel safety
    ///
    /// Dropping this stops the compiler and the answer.
    pub async fn grade(&self, chapter: &Chapter, sources: Sources) -> Result<Graded, GradeError> {
        let answer = AnswerFile {
            original: self.root.join(chapter.original()),
            ..AnswerFile::of_chapter(chapter)
        };
        let desks = self.recompiler.folder(&answer.target);
        let desks = desks.ok_or_else(|| GradeError::NotLearned(answer.file.clone()))?;
        let desks = desks.join("handed-in");
        let failed = |source| GradeError::Desk {
            folder: desks.clone(),
            source,
        };
        let desk = Desk::take(&desks).map_err(failed)?;
        desk.lay_out(&sources).map_err(failed)?;
        let cargo = Cargo {
            workspace: desk.root.clone(),
            ..self.grader.cargo.clone()
        };
        let limits = self.grader.compiler_limits;
        let out = desk.built();
        let called = self
            .recompiler
            .compile_elsewhere(&cargo, limits, &answer, &out);
        let built = match called.await {
            Called::Built(built) => built,
            Called::DiskFull => return Err(GradeError::DiskFull),
            Called::Unknown => return Err(GradeError::NotLearned(answer.file)),
            Called::Outdated => return Err(GradeError::CourseChanged),
            Called::Denied => unexplained("with a lint that cannot be capped"),
            Called::Unexplained(how) => unexplained(&how),
        };
        let grader = Grader {
            cargo,
            ..self.grader.clone()
        };
        let processes = Semaphore::new(grader.limits.processes.get()).into();
        grader
            .grade_file(&answer, Ok((sources, Some(built))), processes)
            .await
    }

    /// What comes of an answer that cannot be read, for this reason.
    #[must_use]
    pub fn unreadable(&self, chapter: &Chapter, cause: String) -> Graded {
        Graded {
            file: chapter.stub(),
            fingerprint: None,
            sources: Sources::default(),
            outcome: Outcome::File(Verdict::Unreadable { cause }),
        }
    }

    /// Tells one state of all that decides on a grade, besides the answer, from another.
    ///
    /// # Errors
    ///
    /// The chapter is none of those that this was prepared for.
    pub fn fingerprint(&self, chapter: &Chapter) -> Result<u32, GradeError> {
        let mut hasher = crc32fast::Hasher::new();
        let compiled_with = self.recompiler.fingerprint(&chapter.slug);
        let compiled_with = compiled_with.ok_or_else(|| GradeError::NotLearned(chapter.stub()))?;
        hasher.update(&compiled_with.to_le_bytes());
        hasher.update(&self.grader.limits.time.as_millis().to_le_bytes());
        let tasks = format!("exercises/hidden/{}/chapter.toml", chapter.slug);
        for file in [PathBuf::from(tasks), chapter.original()] {
            hasher.update(&fs::read(self.root.join(file)).unwrap_or_default());
        }
        Ok(hasher.finalize())
    }
}

/// The compiler broke down over an answer: no other is to suffer for that.
fn unexplained(how: &str) -> Built {
    Built::Failed(CompileError {
        rendered: format!("the compiler ended without saying what's wrong ({how})\n"),
        others: 0,
        in_last_line: false,
    })
}

/// A folder in which one answer at a time is compiled and run.
///
/// There are as few as are in use at a time. Whoever takes one next empties it.
#[derive(Debug)]
struct Desk {
    root: PathBuf,
    /// Whoever holds it, in this process or another one, has the desk for himself.
    _lock: File,
}

impl Desk {
    fn take(desks: &Path) -> io::Result<Self> {
        const MOST: u32 = 1000;
        fs::create_dir_all(desks)?;
        for number in 1..=MOST {
            let root = desks.join(number.to_string());
            let lock = File::create(root.with_extension("lock"))?;
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => return Err(error),
            }
            // What cannot be emptied, since an answer saw to that, is left alone.
            if root.exists() && fs::remove_dir_all(&root).is_err() {
                continue;
            }
            let desk = Self { root, _lock: lock };
            fs::create_dir_all(desk.built())?;
            return Ok(desk);
        }
        Err(io::Error::other(format!(
            "none of its {MOST} folders can be used"
        )))
    }

    /// Where programs go.
    fn built(&self) -> PathBuf {
        self.root.join("built")
    }

    fn lay_out(&self, sources: &Sources) -> io::Result<()> {
        for source in sources.iter() {
            let file = self.root.join(&source.file);
            if let Some(folder) = file.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(file, &source.text)?;
        }
        Ok(())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // What is left takes room, and nothing else depends on it.
        drop(fs::remove_dir_all(&self.root));
    }
}
