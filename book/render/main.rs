//! Renders the book: `cargo run -p book`.
//!
//! - [`render`]: the pages as HTML, by mdBook
//! - [`preprocess`]: puts in what the directives of the pages stand for
//! - [`links`]: no link of the book leads nowhere
//!
//! What the directives stand for, a module each:
//!
//! - [`figure`]: a timeline as a picture, and as text
//! - [`picture`]: an SVG file
//! - [`quiz`]: the questions of a chapter
//! - [`explore`]: a timeline whose figures the reader changes
//! - [`tables`]: the chapters, and what goes wrong in them

mod explore;
mod figure;
mod links;
mod picture;
mod preprocess;
mod quiz;
mod render;
mod tables;

use std::process::ExitCode;

use workbook::course::Course;
use clap::{Parser, Subcommand};
use mdbook_driver::errors::Result;

/// Renders the book to `target/book`, and says which file to open.
#[derive(Parser)]
#[command(name = "book", version)]
struct Book {
    #[command(subcommand)]
    command: Option<Command>,

    /// Opens it in the browser.
    #[arg(long)]
    open: bool,
}

#[derive(Subcommand)]
enum Command {
    /// What `mdbook build book` calls: reads the book from standard input, and writes it with every directive
    /// resolved.
    Preprocess {
        #[command(subcommand)]
        question: Option<Question>,
    },
}

#[derive(Subcommand)]
enum Question {
    /// Succeeds where the pages can be preprocessed for this renderer.
    Supports {
        /// The renderer's name.
        renderer: String,
    },
}

fn main() -> ExitCode {
    match run(&Book::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("The book cannot be rendered: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(book: &Book) -> Result<ExitCode> {
    match &book.command {
        Some(Command::Preprocess { question: None }) => preprocess::answer()?,
        Some(Command::Preprocess {
            question: Some(Question::Supports { renderer }),
        }) => return Ok(preprocess::supports(renderer)),
        None => {
            let course = Course::here()?;
            let rendered = render::render(course.root())?;
            println!("{rendered}");
            if book.open {
                opener::open_browser(rendered.url())?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
