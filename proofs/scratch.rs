//! A small copy of the workbook, made by a test, in which any file can stand in a stub's place.
//!
//! It has a workspace of its own with the dependencies, profiles and lock file of the real one, and
//! builds into the real one's target folder, so that no third-party crate is compiled again.

use std::{
    env,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use toml::{Table, Value};
use workbook::{
    course::{Chapter, Task},
    grade::{Answer, Cargo, Depth, Grader, Limits},
};

/// A copy of the workbook with answers of its own. It stays on disk, so that the next run finds built
/// what has not changed.
#[derive(Debug)]
pub struct Scratch {
    name: String,
    root: PathBuf,
    target_dir: PathBuf,
    answers: Vec<Answer>,
    programs: Vec<String>,
    has_lessons: bool,
    // Another run of the same test, in another terminal, waits for this one.
    _lock: File,
}

impl Scratch {
    /// Makes an empty one in the target folder. Its name, of letters, digits and hyphens, is its own:
    /// two tests that run at the same time need two.
    ///
    /// # Errors
    ///
    /// Its folder cannot be written.
    pub fn new(name: &str) -> io::Result<Self> {
        let target_dir = target_dir()?;
        let root = target_dir.join("scratch").join(name);
        let hidden = root.join("exercises/hidden");
        fs::create_dir_all(&hidden)?;
        let lock = File::create(root.join("lock"))?;
        lock.lock()?;
        for entry in fs::read_dir(workbook().join("exercises/hidden"))? {
            let entry = entry?;
            replace(&hidden.join(entry.file_name()), &fs::read(entry.path())?)?;
        }
        Ok(Self {
            name: name.to_owned(),
            root,
            target_dir,
            answers: Vec::new(),
            programs: Vec::new(),
            has_lessons: false,
            _lock: lock,
        })
    }

    /// Its folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder that it builds into.
    #[must_use]
    pub fn target_dir(&self) -> &Path {
        &self.target_dir
    }

    /// Adds an answer that stands where it is.
    pub fn add_file(&mut self, target: impl Into<String>, file: &Path, tasks: &[Task]) {
        self.answers.push(Answer {
            target: target.into(),
            file: file.to_owned(),
            tasks: tasks.to_vec(),
        });
    }

    /// Adds an answer with this text, in place of the stub of its name, and returns where it stands.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn add_stub(
        &mut self,
        target: &str,
        text: impl AsRef<[u8]>,
        tasks: &[Task],
    ) -> io::Result<PathBuf> {
        let file = Path::new("exercises").join(format!("{target}.rs"));
        let path = self.root.join(&file);
        replace(&path, text.as_ref())?;
        self.add_file(target, &file, tasks);
        Ok(path)
    }

    /// Adds a program with a `main` of its own, which is built like an answer, but never graded.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn add_program(&mut self, target: &str, text: &str) -> io::Result<()> {
        replace(&self.root.join(program_file(target)), text.as_bytes())?;
        self.programs.push(target.to_owned());
        Ok(())
    }

    /// Adds a chapter with all that its readers have: lesson, quiz, page, reference, and the stub as it came.
    /// Returns where the stub stands.
    ///
    /// # Errors
    ///
    /// A file of the chapter is missing, or the copy cannot be written.
    pub fn add_chapter(&mut self, chapter: &Chapter) -> io::Result<PathBuf> {
        for folder in [
            "examples",
            "exercises/original",
            "quiz",
            "book",
            "solutions",
            "tests/snapshots",
        ] {
            copy_folder(&workbook().join(folder), &self.root.join(folder), &|file| {
                file.to_string_lossy().contains(&chapter.slug) || file.ends_with("stage.py")
            })?;
        }
        self.has_lessons = true;
        let original = fs::read(workbook().join(chapter.original()))?;
        self.add_stub(&chapter.slug, original, &chapter.tasks)
    }

    /// The answers, in the order in which they were added.
    #[must_use]
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// Writes the manifests, and returns a grader for the answers.
    ///
    /// # Errors
    ///
    /// A manifest of the real workbook cannot be read, or one of these be written.
    pub fn grader(&self) -> io::Result<Grader> {
        self.write_manifests()?;
        Ok(Grader {
            cargo: Cargo {
                workspace: self.root.clone(),
                package: "stubs".into(),
                target_dir: Some(self.target_dir.clone()),
                colour: false,
                ready: None,
            },
            limits: Limits::default(),
            depth: Depth::EveryTest,
        })
    }

    fn write_manifests(&self) -> io::Result<()> {
        let mut workbook_manifest = read_toml(&workbook().join("Cargo.toml"))?;
        let mut workspace = take_table(&mut workbook_manifest, "workspace")?;
        let mut dependencies = take_table(&mut workspace, "dependencies")?;
        for (package, folder) in [
            ("async-workbook", workbook()),
            ("real-services", workbook().join("real-services")),
        ] {
            let library = Table::from_iter([("path".into(), path(&folder))]);
            dependencies.insert(package.into(), Value::Table(library));
        }
        let mut root = Table::from_iter([
            (
                "workspace".into(),
                Value::Table(Table::from_iter([
                    ("resolver".into(), workspace["resolver"].clone()),
                    ("members".into(), Value::Array(vec!["exercises".into()])),
                    ("package".into(), workspace["package"].clone()),
                    ("dependencies".into(), Value::Table(dependencies)),
                ])),
            ),
            ("profile".into(), workbook_manifest["profile"].clone()),
        ]);
        if self.has_lessons {
            self.add_lessons(&mut root, &workbook_manifest)?;
        }

        let mut stubs = read_toml(&workbook().join("exercises/Cargo.toml"))?;
        // Cargo names what it builds after the package, its version, and its path in the workspace:
        // without a version of its own, this copy would be taken for another one.
        let mut package = take_table(&mut stubs, "package")?;
        package.insert("version".into(), format!("0.0.0-{}", self.name).into());
        stubs.insert("package".into(), Value::Table(package));
        let tests = self.answers.iter().map(|answer| {
            Value::Table(Table::from_iter([
                ("name".into(), answer.target.clone().into()),
                ("path".into(), path(&self.root.join(&answer.file))),
            ]))
        });
        let programs = self.programs.iter().map(|target| {
            Value::Table(Table::from_iter([
                ("name".into(), target.clone().into()),
                ("path".into(), path(&self.root.join(program_file(target)))),
                ("harness".into(), false.into()),
            ]))
        });
        stubs.insert("test".into(), Value::Array(tests.chain(programs).collect()));

        replace(&self.root.join("Cargo.toml"), root.to_string().as_bytes())?;
        replace(
            &self.root.join("exercises/Cargo.toml"),
            stubs.to_string().as_bytes(),
        )?;
        // Cargo may strike out of the copy what is not needed here.
        fs::copy(workbook().join("Cargo.lock"), self.root.join("Cargo.lock"))?;
        Ok(())
    }

    /// Makes the root a package whose examples are the lessons.
    fn add_lessons(&self, root: &mut Table, workbook_manifest: &Table) -> io::Result<()> {
        let package = Table::from_iter([
            ("name".into(), "lessons".into()),
            ("version".into(), format!("0.0.0-{}", self.name).into()),
            ("edition".into(), "2024".into()),
        ]);
        let mut dependencies = Table::new();
        for kind in ["dependencies", "dev-dependencies"] {
            let named = workbook_manifest.get(kind).and_then(Value::as_table);
            for (name, _) in named.into_iter().flatten() {
                // Members of the real workspace are none of this one, but for the library.
                if !matches!(name.as_str(), "proofs" | "workbook") {
                    let inherited = Table::from_iter([("workspace".into(), true.into())]);
                    dependencies.insert(name.clone(), Value::Table(inherited));
                }
            }
        }
        let library = Table::from_iter([("workspace".into(), true.into())]);
        dependencies.insert("async-workbook".into(), Value::Table(library));
        root.insert("package".into(), Value::Table(package));
        root.insert("dependencies".into(), Value::Table(dependencies));
        root.insert(
            "lib".into(),
            Value::Table(Table::from_iter([("path".into(), "lessons.rs".into())])),
        );
        replace(&self.root.join("lessons.rs"), b"")
    }
}

/// Copies the files that are wanted, and leaves those alone that are there already.
fn copy_folder(from: &Path, to: &Path, wanted: &dyn Fn(&Path) -> bool) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_folder(&path, &copy, wanted)?;
        } else if wanted(&path) {
            fs::create_dir_all(to)?;
            replace(&copy, &fs::read(&path)?)?;
        }
    }
    Ok(())
}

/// Where a program stands, from the root.
fn program_file(target: &str) -> PathBuf {
    Path::new("exercises").join(format!("{target}.rs"))
}

/// The folder of the real workbook.
#[must_use]
pub fn workbook() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// The target folder that this very program was built into: it lies in `debug/deps` there if it is a
/// test, and in `debug` otherwise.
///
/// # Errors
///
/// It stands in none.
pub fn target_dir() -> io::Result<PathBuf> {
    let program = env::current_exe()?;
    let folder = program.parent().filter(|folder| !folder.ends_with("deps"));
    let profile = folder.or_else(|| program.parent()?.parent());
    profile
        .and_then(Path::parent)
        .map(Path::to_owned)
        .ok_or_else(|| io::Error::other("this program stands in no target folder of cargo's"))
}

/// Whether a process runs. One that ended and was not yet taken note of by its parent does not.
#[cfg(target_os = "linux")]
#[must_use]
pub fn is_running(process: u32) -> bool {
    fs::read_to_string(format!("/proc/{process}/status"))
        .is_ok_and(|status| !status.contains("State:\tZ"))
}

/// Whether a process runs.
#[cfg(all(unix, not(target_os = "linux")))]
#[must_use]
pub fn is_running(process: u32) -> bool {
    use rustix::process::{Pid, test_kill_process};
    let process = i32::try_from(process).ok().and_then(Pid::from_raw);
    process.is_some_and(|process| test_kill_process(process).is_ok())
}

fn read_toml(file: &Path) -> io::Result<Table> {
    fs::read_to_string(file)?
        .parse()
        .map_err(|error| io::Error::other(format!("{}: {error}", file.display())))
}

fn take_table(table: &mut Table, key: &str) -> io::Result<Table> {
    match table.remove(key) {
        Some(Value::Table(inner)) => Ok(inner),
        _ => Err(io::Error::other(format!("no table `{key}` in Cargo.toml"))),
    }
}

/// Has `file` hold `text`, whatever an earlier run left in its place. A file that holds it already is
/// not written again, since cargo would take it for a changed one.
fn replace(file: &Path, text: &[u8]) -> io::Result<()> {
    if file.is_symlink() {
        fs::remove_file(file)?;
    } else if file.is_dir() {
        fs::remove_dir_all(file)?;
    } else if fs::read(file).is_ok_and(|present| present == text) {
        return Ok(());
    }
    fs::write(file, text)
}

fn path(path: &Path) -> Value {
    Value::String(path.display().to_string())
}
