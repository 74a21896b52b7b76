//! Renders the book: `cargo run -p book`.
//!
//! - [`render`]: the pages as HTML, by mdBook
//! - [`preprocess`]: puts in what the directives of the pages stand for
//! - [`mod@serve`]: serves them on this machine, and renders them at each change
//! - [`links`]: no link of the book leads nowhere
//! - [`warnings`]: what mdBook only warns of
//!
//! What the directives stand for, a module each:
//!
//! - [`figure`]: a timeline as a picture, and as text
//! - [`picture`]: an SVG file
//! - [`quiz`]: the questions of a chapter
//! - [`explore`]: a timeline whose figures the reader changes
//! - [`tables`]: the chapters, and what goes wrong in them
//!
//! What is made of a page besides, without a directive:
//!
//! - [`mistakes`]: each mistake folded, with wrong code and right code
//! - [`cells`]: what tables need on a narrow screen
//!
//! And `node`, for tests, runs the scripts of the pages.

mod cells;
mod explore;
mod figure;
mod links;
mod mistakes;
#[cfg(test)]
mod node;
mod picture;
mod preprocess;
mod quiz;
mod render;
mod serve;
mod tables;
#[cfg(test)]
mod tests;
mod warnings;

use std::{
    io::{self, Write as _},
    net::Ipv4Addr,
    path::Path,
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use mdbook_driver::errors::{Error, Result};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use workbook::course::Course;

/// Renders the book to `target/book`, and says which file to open.
#[derive(Parser)]
#[command(name = "book", version)]
struct Book {
    #[command(subcommand)]
    command: Option<Command>,

    /// Opens it in the browser: the front page, or this one (`03`, `03_gather`, `03_gather#awaits-in-a-loop`).
    #[arg(long, value_name = "PAGE", num_args = 0..=1)]
    open: Option<Option<String>>,

    /// Prints the URL of a page and nothing else, for programs.
    #[arg(long, value_name = "PAGE", conflicts_with_all = ["open", "serve"])]
    url: Option<String>,

    /// Serves it to this machine alone, and renders it at each change, until Ctrl-C; 0 stands for any free port.
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "3000")]
    serve: Option<u16>,
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
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(book: &Book) -> Result<ExitCode> {
    match &book.command {
        Some(Command::Preprocess { question: None }) => {
            preprocess::answer(io::stdin().lock(), io::stdout().lock())?
        }
        Some(Command::Preprocess {
            question: Some(Question::Supports { renderer }),
        }) => return Ok(preprocess::supports(renderer)),
        None => {
            let course = Course::here()?;
            if let Some(port) = book.serve {
                serve(course.root(), port, book.page(&course).as_deref())?;
                return Ok(ExitCode::SUCCESS);
            }
            let rendered = render::render(course.root(), None)?;
            if let Some(page) = &book.url {
                writeln!(io::stdout(), "{}", rendered.url_of(page)?)?;
                return Ok(ExitCode::SUCCESS);
            }
            writeln!(io::stdout(), "{rendered}")?;
            if let Some(page) = book.page(&course) {
                open_browser(rendered.url_of(&page)?.as_str())?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Book {
    /// The page to open, if one is to be opened; an empty name stands for the front page, and the number of a
    /// chapter for its page.
    fn page(&self, course: &Course) -> Option<String> {
        let page = self.open.as_ref()?.as_deref().unwrap_or_default();
        let mut chapters = course.chapters().iter();
        let chapter = chapters.find(|chapter| chapter.number() == page);
        Some(chapter.map_or(page, |chapter| &chapter.slug).to_owned())
    }
}

#[tokio::main]
async fn serve(root: &Path, port: u16, open: Option<&str>) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.map_err(|error| {
        let next = format!("no port {port}; `cargo run -p book -- --serve 0` takes any");
        Error::new(error).context(next)
    })?;
    let url = format!("http://{}/", listener.local_addr()?);
    println!("The book is at {url} until Ctrl-C.");
    if let Some(page) = open {
        open_browser(&format!("{url}{}", render::file_of(page)))?;
    }
    let shutdown = CancellationToken::new();
    let _stops_at_ctrl_c = tokio::spawn({
        let shutdown = shutdown.clone();
        async move {
            // Where the signal cannot be waited for, it ends the program by itself.
            if tokio::signal::ctrl_c().await.is_ok() {
                shutdown.cancel();
            }
        }
    });
    serve::serve(listener, root.to_owned(), shutdown).await
}

fn open_browser(url: &str) -> Result<()> {
    open::that_detached(url).map_err(|error| Error::new(error).context("no browser can be opened"))
}
