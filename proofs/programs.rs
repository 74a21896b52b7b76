//! The programs whose modules are the known answers, one a chapter: see `known/README.md`.

use std::{
    collections::HashMap,
    error::Error,
    io::BufReader,
    path::PathBuf,
    process::{Command, Stdio},
};

use cargo_metadata::Message;
use workbook::{
    course::Chapter,
    grade::{Cargo, CompilerLimits, Depth, Grader, Limits, Program},
};

use crate::{
    answers::Known,
    scratch::{target_dir, workbook},
};

/// The programs of some chapters.
#[derive(Debug)]
pub struct Programs(HashMap<String, PathBuf>);

impl Programs {
    /// Has cargo build the programs of these chapters. What is wrong with one of them is printed.
    ///
    /// # Errors
    ///
    /// Cargo cannot be started, or one of the programs does not compile.
    pub fn build(chapters: &[&Chapter]) -> Result<Self, Box<dyn Error>> {
        let mut command: Command = cargo()?.command();
        command.args(["build", "--message-format=json-render-diagnostics"]);
        for chapter in chapters {
            command.args(["--package", &package(chapter)]);
        }
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take().ok_or("cargo has no output")?;
        let mut programs = HashMap::new();
        for message in Message::parse_stream(BufReader::new(out)) {
            if let Message::CompilerArtifact(artifact) = message?
                && let Some(program) = artifact.executable
            {
                programs.insert(artifact.target.name, program.into());
            }
        }
        if child.wait()?.success() {
            Ok(Self(programs))
        } else {
            Err("a program of known answers does not compile; what cargo says is above".into())
        }
    }

    /// What runs the hidden tests of a chapter on one of its known answers.
    ///
    /// # Panics
    ///
    /// The chapter is not among those that were built.
    #[must_use]
    pub fn of(&self, chapter: &Chapter, known: &Known) -> Program {
        self.named(chapter, &known.name())
    }

    /// What runs them on the answer of this name.
    ///
    /// # Panics
    ///
    /// The chapter is not among those that were built.
    #[must_use]
    pub fn named(&self, chapter: &Chapter, answer: &str) -> Program {
        Program {
            path: self.0[&package(chapter)].clone(),
            arguments: vec!["--answer".into(), answer.into()],
            prefix: "",
        }
    }
}

/// A grader for known answers.
///
/// # Errors
///
/// This program stands in no target folder.
pub fn grader() -> Result<Grader, Box<dyn Error>> {
    Ok(Grader {
        cargo: cargo()?,
        compiler_limits: CompilerLimits::default(),
        limits: Limits::default(),
        depth: Depth::EveryTest,
        recompiler: None,
    })
}

fn cargo() -> Result<Cargo, Box<dyn Error>> {
    Ok(Cargo {
        target_dir: Some(target_dir()?),
        ..Cargo::new(&workbook())
    })
}

/// `known-gather`
fn package(chapter: &Chapter) -> String {
    format!("known-{}", chapter.name().replace('_', "-"))
}
