//! `cargo bench`: how much faster it gets when waits overlap, and how close to ideal.
//!
//!     cargo bench            every chapter, how cost grows, and asyncio beside it where Python is found
//!     cargo bench -- 03      one chapter
//!     cargo run -- bench     the table again, without measuring
//!
//! Each `NN_slug.rs` beside this file is a program. Its package, in `chapters`, depends on what it needs and no more, so
//! that nobody waits for SQLite to be compiled who measures how calls are gathered. This program has cargo build those that
//! are asked for, says beforehand how much that is, and runs them.

#[path = "../workbook/src/grade/outer_cargo.rs"]
mod outer_cargo;

use std::{
    collections::BTreeSet,
    env,
    error::Error,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    thread,
};

/// How many seconds a core takes for a crate, with optimisations: the mean over all that the benches need.
const SECONDS_PER_CRATE: usize = 3;

/// So few crates are compiled before anybody wonders.
const FEW: usize = 5;

/// What measures something: a bench of a package.
struct Program {
    package: String,
    target: String,
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<ExitCode, Box<dyn Error>> {
    // Cargo says `--bench` to every bench.
    let arguments: Vec<String> = env::args().skip(1).filter(|a| a != "--bench").collect();
    let is_option = |argument: &String| argument.starts_with('-');
    let options = arguments.iter().position(is_option);
    let (chapters, options) = arguments.split_at(options.unwrap_or(arguments.len()));
    let mut programs = chosen(chapters)?;
    let mut options = options.to_vec();
    if let [one] = chapters
        && one.contains('/')
    {
        // `03_gather/10 calls` chooses among the scenarios of a chapter, as criterion does.
        options.insert(0, one.clone());
    }
    if chapters.is_empty() {
        programs.push(Program {
            package: "suite".into(),
            target: "growth".into(),
        });
    }

    let cargo = Cargo::of_this_program()?;
    cargo.announce(&programs);
    // All of it is built before anything is measured.
    for program in &programs {
        if !cargo.bench(program, &["--no-run"])? {
            return Ok(ExitCode::FAILURE);
        }
    }
    let measures = !options
        .iter()
        .any(|option| option == "--test" || option == "--list");
    if chapters.is_empty() && measures {
        // A whole run leaves nothing of an earlier one, whose scenarios may have gone.
        match fs::remove_file(cargo.target.join("criterion/speedups.json")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    let mut arguments = vec!["--quiet", "--"];
    arguments.extend(options.iter().map(String::as_str));
    for program in &programs {
        if !cargo.bench(program, &arguments)? {
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The benches of these chapters, by number or name; of all if none is named.
fn chosen(chapters: &[String]) -> Result<Vec<Program>, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("chapters");
    let mut slugs = Vec::new();
    for entry in fs::read_dir(folder)? {
        slugs.push(entry?.file_name().to_string_lossy().into_owned());
    }
    slugs.sort();
    let matches = |slug: &str, word: &String| {
        let word = word.split('/').next().unwrap_or_default();
        slug.contains(word)
    };
    for word in chapters {
        if !slugs.iter().any(|slug| matches(slug, word)) {
            let known = slugs.join(", ");
            return Err(format!("no chapter matches `{word}`; there are {known}").into());
        }
    }
    slugs.retain(|slug| chapters.is_empty() || chapters.iter().any(|word| matches(slug, word)));
    let program = |slug: String| Program {
        package: format!("bench-{}", slug[3..].replace('_', "-")),
        target: slug,
    };
    Ok(slugs.into_iter().map(program).collect())
}

/// How cargo built this program, and builds the others.
struct Cargo {
    profile: String,
    target: PathBuf,
    /// The folder of the profile in the target folder.
    built: PathBuf,
}

impl Cargo {
    /// This program is `target/release/deps/benches-…`, or in the folder of whichever profile it was built with.
    fn of_this_program() -> Result<Self, Box<dyn Error>> {
        let program = env::current_exe()?;
        let folders: Vec<&Path> = program.ancestors().skip(2).take(2).collect();
        let [built, target] = folders[..] else {
            return Err("this program stands in no target folder of cargo's".into());
        };
        let name = built.file_name().unwrap_or_default().to_string_lossy();
        Ok(Self {
            profile: match &*name {
                "debug" => "dev".into(),
                "release" => "bench".into(),
                name => name.to_owned(),
            },
            target: target.to_owned(),
            built: built.to_owned(),
        })
    }

    fn command(&self) -> Command {
        let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(program);
        outer_cargo::forget_outer_cargo(&mut command);
        command
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
            .env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// Builds a bench and, with other arguments than `--no-run`, runs it. Cargo says itself how far it is.
    fn bench(&self, program: &Program, arguments: &[&str]) -> io::Result<bool> {
        let mut command = self.command();
        command
            .args(["bench", "--profile", &self.profile])
            .args(["--package", &program.package, "--bench", &program.target])
            .args(arguments);
        Ok(command.status()?.success())
    }

    /// Says how much there is to be compiled, if it is so much that somebody would wonder.
    fn announce(&self, programs: &[Program]) {
        let Some(compiled) = self.compiled() else {
            return;
        };
        let needed: BTreeSet<String> = programs
            .iter()
            .flat_map(|program| self.needed(program).unwrap_or_default())
            .collect();
        let missing = needed.difference(&compiled).count();
        if missing <= FEW {
            return;
        }
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let minutes = (missing * SECONDS_PER_CRATE).div_ceil(60 * cores);
        let is_optimised = self.profile != "dev";
        eprintln!(
            "First, {missing} crates are compiled{}. It is only once.",
            match (is_optimised, minutes) {
                (false, _) => String::new(),
                (true, 1) => " with optimisations, which takes about a minute".to_owned(),
                (true, minutes) => format!(
                    " with optimisations, which takes about {minutes} minutes on the {cores} cores of this machine"
                ),
            }
        );
    }

    /// The names of the crates that a bench needs.
    fn needed(&self, program: &Program) -> Option<BTreeSet<String>> {
        let tree = ["tree", "--prefix", "none", "--format", "{p}"];
        let mut command = self.command();
        command.args(tree).args(["--package", &program.package]);
        let output = command
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        let names = String::from_utf8(output.stdout).ok()?;
        let name = |line: &str| Some(line.split_once(' ')?.0.to_owned());
        Some(names.lines().filter_map(name).collect())
    }

    /// The names of the crates that are compiled already, by the folders that cargo keeps of them; `None` if it keeps
    /// them elsewhere.
    fn compiled(&self) -> Option<BTreeSet<String>> {
        let mut compiled = BTreeSet::new();
        for entry in fs::read_dir(self.built.join(".fingerprint")).ok()? {
            let name = entry.ok()?.file_name();
            compiled.extend(
                name.to_string_lossy()
                    .rsplit_once('-')
                    .map(|(name, _)| name.to_owned()),
            );
        }
        compiled.contains("benches").then_some(compiled)
    }
}
