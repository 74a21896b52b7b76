//! Has cargo build and run benches, in the profile and the folder in which it built this program.

use std::{
    collections::BTreeSet,
    env,
    error::Error,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{outer_cargo::forget_outer_cargo, programs::Program};

/// How cargo built this program, and builds the others.
#[derive(Clone, Debug)]
pub struct Cargo {
    profile: String,
    target: PathBuf,
    /// The folder of the profile in the target folder.
    built: PathBuf,
}

impl Cargo {
    /// This program is `target/release/deps/benches-…`, or in the folder of another profile.
    ///
    /// # Errors
    ///
    /// It was not built by cargo.
    pub fn of_this_program() -> Result<Self, Box<dyn Error>> {
        let program = env::current_exe()?;
        let folders: Vec<&Path> = program.ancestors().skip(2).take(2).collect();
        let [built, target] = folders[..] else {
            return Err("this program isn't in one of cargo's target folders".into());
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

    /// Whether the compiler optimises what it builds.
    #[must_use]
    pub fn optimises(&self) -> bool {
        self.profile != "dev"
    }

    /// Where the figures of earlier runs are.
    #[must_use]
    pub fn figures(&self) -> PathBuf {
        self.target.join("criterion/speedups.json")
    }

    /// Builds a bench and, with other arguments than `--no-run`, runs it. Cargo says itself how far it is.
    ///
    /// # Errors
    ///
    /// Cargo cannot be started.
    pub fn bench(&self, program: &Program, arguments: &[&str]) -> io::Result<bool> {
        let mut command = self.command();
        command
            .args(["bench", "--profile", &self.profile])
            .args(["--package", &program.package, "--bench", &program.target])
            .args(arguments);
        Ok(command.status()?.success())
    }

    /// The names of the crates that a bench needs; `None` if cargo does not tell.
    #[must_use]
    pub fn needed(&self, program: &Program) -> Option<BTreeSet<String>> {
        let mut command = self.command();
        command
            .args(["tree", "--prefix", "none", "--format", "{p}"])
            .args(["--package", &program.package]);
        let output = command.output().ok()?;
        let tree = output.status.success().then_some(output.stdout)?;
        let name = |line: &str| Some(line.split_once(' ')?.0.to_owned());
        Some(
            String::from_utf8(tree)
                .ok()?
                .lines()
                .filter_map(name)
                .collect(),
        )
    }

    /// The names of the crates that are compiled already, by the folders in which cargo notes what it compiled; `None`
    /// if it has these elsewhere.
    #[must_use]
    pub fn compiled(&self) -> Option<BTreeSet<String>> {
        let mut compiled = BTreeSet::new();
        for entry in fs::read_dir(self.built.join(".fingerprint")).ok()? {
            let name = entry.ok()?.file_name();
            let name = name.to_string_lossy();
            compiled.extend(name.rsplit_once('-').map(|(name, _)| name.to_owned()));
        }
        compiled.contains("benches").then_some(compiled)
    }

    fn command(&self) -> Command {
        let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(program);
        forget_outer_cargo(&mut command);
        command
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
            .env("CARGO_TARGET_DIR", &self.target);
        command
    }
}
