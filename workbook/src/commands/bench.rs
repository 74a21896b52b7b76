//! `workbook bench`: what `cargo bench` measured last, without measuring again.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use clap::Parser;
use speedups::Record;

use crate::{console::Output, course::Course, error::Error, exit::Exit, text::Text};

/// Shows what `cargo bench` measured last.
#[derive(Clone, Debug, Parser)]
#[command(after_help = "\
Examples:
  cargo bench                              measures every chapter; takes a few minutes
  cargo bench -- 03                        measures chapter 03
  cargo run -- bench                       shows the table again
  cargo run -- bench --markdown table.md   writes it as Markdown
  cargo run -- bench --svg chart.svg       draws it as an SVG chart")]
pub struct Bench {
    /// Writes the table to this file, as Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,

    /// Draws the measurements as an SVG chart in this file.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

impl Bench {
    /// Prints the table, or writes it where it is asked for.
    ///
    /// # Errors
    ///
    /// What was measured cannot be read, or a file not be written.
    pub fn run(&self) -> Result<Exit, Error> {
        let course = Course::here()?;
        let record = Record::read(&folder(course.root()))?;
        let out = Output::open();
        if record == Record::default() {
            out.print(
                "Nothing has been measured yet. Run `cargo bench`, or `cargo bench -- 03` for one chapter.",
            )?;
            return Ok(Exit::Failed);
        }
        let files = [
            (&self.markdown, speedups::markdown(&record)),
            (&self.svg, record.chart()),
        ];
        let mut written = false;
        for (file, text) in files {
            if let Some(file) = file {
                fs::write(file, text).map_err(|source| Error::File {
                    what: "write",
                    file: file.clone(),
                    source,
                })?;
                out.print(format!("Wrote {}.", file.display()))?;
                written = true;
            }
        }
        if !written {
            let mut text = Text::kept(&speedups::text(&record));
            text.add(Text::kept(&speedups::growth_text(&record)));
            text.blank();
            out.print(text)?;
        }
        Ok(Exit::Passed)
    }
}

/// Where criterion keeps what it measured.
fn folder(root: &Path) -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root.join("target"), |folder| root.join(folder));
    target.join("criterion")
}
