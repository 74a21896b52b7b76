//! A small copy of the workbook, made by a test, in which any file can stand in a stub's place.
//!
//! It has a workspace of its own with the dependencies, profiles and lock file of the real one, and
//! builds into the real one's target folder, so that no third-party crate is compiled again. Its packages are those of
//! the chapters, with the real hidden tests as their libraries.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fs::{self, DirEntry, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use toml::{Table, Value};
use workbook::{
    course::Chapter,
    grade::{AnswerFile, Cargo, CompilerLimits, Depth, Grader, Limits},
};

/// A copy of the workbook with answers of its own.
///
/// There are as few copies as are in use at a time, and each is emptied for whoever takes it next: the hidden tests of a
/// chapter are compiled once for each copy, and so once or twice, and not for each of some sixty tests.
#[derive(Debug)]
pub struct Scratch {
    name: String,
    root: PathBuf,
    target_dir: PathBuf,
    answers: Vec<AnswerFile>,
    /// The targets of each chapter's package.
    targets: BTreeMap<String, Vec<Target>>,
    /// The chapters whose lessons were added.
    lessons: BTreeSet<String>,
    /// Whoever holds it, in this process or another one, has the copy for himself.
    _lock: File,
}

/// The packages of the dynamic libraries that answers are linked with, and their folders from the root.
const PRELINKED: [(&str, &str); 2] = [
    ("prelinked", "exercises/prelinked"),
    ("prelinked-services", "exercises/prelinked/services"),
];

/// A program of a chapter's package.
#[derive(Clone, Debug)]
struct Target {
    name: String,
    /// The file that it is built from, from the root.
    root: PathBuf,
    /// Whether it has libtest's `main`, or one of its own.
    harness: bool,
}

impl Scratch {
    /// Takes a copy that nobody uses, and empties it; makes another one if there is none.
    ///
    /// # Errors
    ///
    /// Its folder cannot be written.
    pub fn new() -> io::Result<Self> {
        let target_dir = target_dir()?;
        let folder = target_dir.join("scratch");
        fs::create_dir_all(&folder)?;
        for number in 1.. {
            let name = format!("copy-{number}");
            let lock = File::create(folder.join(&name).with_extension("lock"))?;
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => return Err(error),
            }
            // Readers' folders have blanks and letters like this one.
            let root = folder.join(format!("cöpy {number}"));
            fs::create_dir_all(&root)?;
            empty(&root)?;
            return Ok(Self {
                name,
                root,
                target_dir,
                answers: Vec::new(),
                targets: BTreeMap::new(),
                lessons: BTreeSet::new(),
                _lock: lock,
            });
        }
        Err(io::Error::other("every number has a copy in use"))
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

    /// Adds an answer to a chapter with this text, in place of the stub of its name, and returns where it stands.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn add_answer(
        &mut self,
        target: &str,
        text: impl AsRef<[u8]>,
        chapter: &Chapter,
    ) -> io::Result<PathBuf> {
        self.add(target, text.as_ref(), chapter, true)
    }

    /// Makes the exercise of a chapter that was added a folder, with these files in place of the one: what it came with, and
    /// what the learner has, alike. The first is the root. Returns the folder where the learner works.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub fn make_folder(&mut self, slug: &str, files: &[(&str, &str)]) -> io::Result<PathBuf> {
        for parent in ["exercises", "exercises/original"] {
            fs::remove_file(self.root.join(parent).join(format!("{slug}.rs")))?;
            for (name, text) in files {
                write(&self.root.join(parent).join(slug).join(name), text)?;
            }
        }
        let folder = Path::new("exercises").join(slug);
        let root = folder.join(files[0].0);
        for target in self.targets.get_mut(slug).into_iter().flatten() {
            target.root.clone_from(&root);
        }
        for answer in self
            .answers
            .iter_mut()
            .filter(|answer| answer.target == slug)
        {
            answer.file.clone_from(&root);
            answer.folder = Some(folder.clone());
        }
        Ok(self.root.join(folder))
    }

    /// Adds a program with a `main` of its own, which can use what answers to the chapter can. It is built like an answer,
    /// but never graded.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn add_program(&mut self, target: &str, text: &str, chapter: &Chapter) -> io::Result<()> {
        self.add(target, text.as_bytes(), chapter, false).map(drop)
    }

    fn add(
        &mut self,
        target: &str,
        text: &[u8],
        chapter: &Chapter,
        harness: bool,
    ) -> io::Result<PathBuf> {
        let file = Path::new("exercises").join(format!("{target}.rs"));
        let path = self.root.join(&file);
        fs::create_dir_all(self.root.join("exercises"))?;
        replace(&path, text)?;
        let targets = self.targets.entry(chapter.slug.clone()).or_default();
        targets.push(Target {
            name: target.to_owned(),
            root: file.clone(),
            harness,
        });
        self.answers.push(AnswerFile {
            package: chapter.package(),
            target: target.to_owned(),
            file,
            folder: None,
            original: chapter.original(),
            tasks: chapter.tasks.clone(),
        });
        Ok(path)
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
                let is_manifest = file.ends_with("Cargo.toml"); // A copy has another version in it.
                let file_name = file.to_string_lossy();
                let is_of_chapter = file_name.contains(&chapter.slug);
                // Its page shows programs and drawings that go by other names.
                let is_on_pages = file_name.contains("book/code/")
                    || file_name.contains("snapshots/timelines__")
                    || file.ends_with("stage.py");
                (is_of_chapter && !is_manifest) || is_on_pages
            })?;
        }
        self.lessons.insert(chapter.slug.clone());
        let original = fs::read(workbook().join(chapter.original()))?;
        self.add_answer(&chapter.slug, original, chapter)
    }

    /// The answers, in the order in which they were added.
    #[must_use]
    pub fn answers(&self) -> &[AnswerFile] {
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
                target_dir: Some(self.target_dir.clone()),
                ..Cargo::new(&self.root)
            },
            compiler_limits: CompilerLimits::default(),
            limits: Limits::default(),
            depth: Depth::EveryTest,
            recompiler: None,
        })
    }

    fn write_manifests(&self) -> io::Result<()> {
        let mut workbook_manifest = read_toml(&workbook().join("Cargo.toml"))?;
        let mut workspace = take_table(&mut workbook_manifest, "workspace")?;
        let mut dependencies = take_table(&mut workspace, "dependencies")?;
        let libraries = [
            ("async-workbook", workbook()),
            ("real-database", workbook().join("real-services/database")),
            ("real-services", workbook().join("real-services")),
        ];
        let prelinked = PRELINKED.map(|(package, folder)| (package, self.root.join(folder)));
        for (package, folder) in libraries.into_iter().chain(prelinked) {
            let library = Table::from_iter([("path".into(), path(&folder))]);
            dependencies.insert(package.into(), Value::Table(library));
        }
        let mut packages = self.targets.clone();
        for slug in self.targets.keys() {
            for used in uses(slug)? {
                packages.entry(used).or_default();
            }
        }
        let mut members = Vec::from(PRELINKED.map(|(_, folder)| folder.into()));
        members.extend(packages.keys().map(|slug| self.folder(slug).into()));
        members.extend(self.lessons.iter().map(|slug| lesson(slug).into()));
        let root = Table::from_iter([
            (
                "workspace".into(),
                Value::Table(Table::from_iter([
                    ("resolver".into(), workspace["resolver"].clone()),
                    ("members".into(), Value::Array(members)),
                    ("package".into(), workspace["package"].clone()),
                    ("dependencies".into(), Value::Table(dependencies)),
                ])),
            ),
            ("profile".into(), self.profiles(&workbook_manifest)),
        ]);
        for slug in &self.lessons {
            self.write_lesson(slug)?;
        }
        write(&self.root.join("Cargo.toml"), &root.to_string())?;
        for (package, folder) in PRELINKED {
            self.write_prelinked(package, folder)?;
        }
        for (slug, targets) in &packages {
            self.write_package(slug, targets)?;
        }
        // Cargo may strike out of the copy what is not needed here.
        fs::copy(workbook().join("Cargo.lock"), self.root.join("Cargo.lock")).map(drop)
    }

    /// The profiles, without what they say of the program, which isn't part of the copy. What they say of libraries is the
    /// same here, so that none of them is compiled anew for the copy.
    fn profiles(&self, workbook_manifest: &Table) -> Value {
        let mut profiles = workbook_manifest["profile"].clone();
        let packages = profiles
            .get_mut("dev")
            .and_then(|dev| dev.get_mut("package"))
            .and_then(Value::as_table_mut);
        if let Some(packages) = packages {
            packages.remove("workbook");
        }
        profiles
    }

    /// A dynamic library of what answers are linked with. Cargo puts it beside that of the real workspace: it needs a name
    /// of its own.
    fn write_prelinked(&self, package: &str, folder: &str) -> io::Result<()> {
        let real = workbook().join(folder);
        let mut manifest = self.package(&real.join("Cargo.toml"))?;
        let name = format!("{package}_{}", self.name).replace('-', "_");
        change(&mut manifest, "lib", "name", name.into());
        let copy = self.root.join(folder);
        // Its sources are copied. Cargo builds anew, each time, what depends on a file that its package does not have; and
        // the library beneath has another name here.
        for source in ["build.rs", "lib.rs"] {
            let text = fs::read_to_string(real.join(source))?;
            write(&copy.join(source), &text)?;
        }
        if let Some(Value::Table(dependencies)) = manifest.get_mut("dependencies") {
            self.rename_prelinked(dependencies);
        }
        write(
            &copy.join("Cargo.toml"),
            &without_lints(manifest).to_string(),
        )
    }

    /// A chapter's package, with the targets that were added in place of the learner's file.
    fn write_package(&self, slug: &str, targets: &[Target]) -> io::Result<()> {
        let real = workbook().join(hidden(slug));
        let mut manifest = self.package(&real.join("Cargo.toml"))?;
        change(&mut manifest, "lib", "path", path(&real.join("lib.rs")));
        let tests = targets.iter().map(|target| {
            Value::Table(Table::from_iter([
                ("name".into(), target.name.clone().into()),
                ("path".into(), path(&self.root.join(&target.root))),
                ("harness".into(), target.harness.into()),
            ]))
        });
        manifest.insert("test".into(), Value::Array(tests.collect()));
        let linux = manifest.get_mut("target").and_then(|target| {
            let (_, linux) = target.as_table_mut()?.iter_mut().next()?;
            linux.get_mut("dependencies")?.as_table_mut()
        });
        if let Some(linux) = linux {
            self.rename_prelinked(linux);
        }
        if let Some(Value::Table(dependencies)) = manifest.get_mut("dependencies") {
            for (_, dependency) in dependencies.iter_mut() {
                if let Some(used) = chapter_of(dependency) {
                    let folder = path(&self.root.join(self.folder(used)));
                    *dependency = Value::Table(Table::from_iter([("path".into(), folder)]));
                }
            }
        }
        let folder = self.root.join(self.folder(slug));
        fs::create_dir_all(&folder)?;
        if self.targets.contains_key(slug) {
            fs::copy(real.join("chapter.toml"), folder.join("chapter.toml"))?;
        }
        write(&folder.join("Cargo.toml"), &manifest.to_string())
    }

    /// The folder of a chapter's package, from the copy's root. One that is here for another's sake is no chapter of the
    /// copy, and must not be where chapters are.
    fn folder(&self, slug: &str) -> String {
        if self.targets.contains_key(slug) {
            hidden(slug)
        } else {
            format!("used/{slug}")
        }
    }

    /// Gives this copy's dynamic libraries, among some dependencies, the names that sources call them by.
    fn rename_prelinked(&self, dependencies: &mut Table) {
        for (package, folder) in PRELINKED {
            if let Some(dependency) = dependencies.get_mut(package) {
                *dependency = Value::Table(Table::from_iter([
                    ("package".into(), package.into()),
                    ("path".into(), path(&self.root.join(folder))),
                ]));
            }
        }
    }

    /// A real manifest with a version of this copy's. Cargo names what it builds after the package, its version, and
    /// its path in the workspace: without a version of its own, this copy would be taken for another one.
    fn package(&self, manifest: &Path) -> io::Result<Table> {
        let mut manifest = read_toml(manifest)?;
        let version = format!("0.0.0-{}", self.name);
        change(&mut manifest, "package", "version", version.into());
        Ok(manifest)
    }

    /// The package of a chapter's lesson, with the copy of it as its example.
    fn write_lesson(&self, slug: &str) -> io::Result<()> {
        let folder = lesson(slug);
        let manifest = self.package(&workbook().join(&folder).join("Cargo.toml"))?;
        let folder = self.root.join(folder);
        fs::create_dir_all(&folder)?;
        write(
            &folder.join("Cargo.toml"),
            &without_lints(manifest).to_string(),
        )
    }
}

/// The chapters whose hidden tests those of this chapter use.
fn uses(slug: &str) -> io::Result<Vec<String>> {
    let mut manifest = read_toml(&workbook().join(hidden(slug)).join("Cargo.toml"))?;
    let dependencies = take_table(&mut manifest, "dependencies")?;
    let used = dependencies
        .iter()
        .filter_map(|(_, dependency)| chapter_of(dependency).map(str::to_owned));
    Ok(used.collect())
}

/// The chapter that a dependency of hidden tests is of, if it is of one.
fn chapter_of(dependency: &Value) -> Option<&str> {
    dependency.get("path")?.as_str()?.strip_prefix("../")
}

/// The folder of the package of a chapter's lesson, from the root.
fn lesson(slug: &str) -> String {
    format!("examples/chapters/{slug}")
}

/// Removes what an earlier test left, but for what is the same in every copy: to write the dynamic library's package anew
/// would have it built anew.
fn empty(root: &Path) -> io::Result<()> {
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        if entry.file_name() == "exercises" && entry.file_type()?.is_dir() {
            for entry in fs::read_dir(entry.path())? {
                let entry = entry?;
                if entry.file_name() != "prelinked" {
                    remove(&entry)?;
                }
            }
        } else if entry.file_name() != "Cargo.lock" {
            remove(&entry)?;
        }
    }
    Ok(())
}

fn remove(entry: &DirEntry) -> io::Result<()> {
    if entry.file_type()?.is_dir() {
        fs::remove_dir_all(entry.path())
    } else {
        fs::remove_file(entry.path())
    }
}

/// The folder of a chapter's hidden tests, from the root.
fn hidden(slug: &str) -> String {
    format!("exercises/hidden/{slug}")
}

/// Sets a value in a table of a manifest.
fn change(manifest: &mut Table, table: &str, key: &str, value: Value) {
    if let Some(Value::Table(table)) = manifest.get_mut(table) {
        table.insert(key.to_owned(), value);
    }
}

/// Without lints that are the real workspace's to say.
fn without_lints(mut manifest: Table) -> Table {
    manifest.remove("lints");
    manifest
}

fn write(file: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    replace(file, text.as_bytes())
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
