//! Puts in what the directives of the pages stand for.

use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use ::quiz::Quiz;
use mdbook_driver::{
    book::{Book, Chapter},
    errors::{Error, Result},
};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext, parse_input};
use workbook::{
    misconceptions,
    page::{self, Directive},
};

use crate::{cells, explore, figure, mistakes, picture, quiz, tables};

/// The preprocessor that `book.toml` names.
pub(crate) struct Directives;

impl Preprocessor for Directives {
    fn name(&self) -> &str {
        "workbook"
    }

    fn run(&self, context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let root = context.root.parent().unwrap_or(Path::new(".."));
        let mut errors = Vec::new();
        book.for_each_chapter_mut(|chapter| {
            if let Some(page) = Page::of(chapter, root) {
                match page.resolved() {
                    Ok(content) => chapter.content = content,
                    Err(error) => errors.push(error),
                }
            }
        });
        if errors.is_empty() {
            Ok(book)
        } else {
            Err(Error::msg(errors.join("\n")))
        }
    }

    fn supports_renderer(&self, renderer: &str) -> Result<bool> {
        Ok(renderer == "html")
    }
}

/// Does what mdBook asks of a preprocessor that is a command: reads the book, and writes it resolved.
///
/// # Errors
///
/// What is read is no book, a directive in it leads nowhere, or it cannot be written.
pub(crate) fn answer(question: impl Read, answer: impl Write) -> Result<()> {
    let (context, book) = parse_input(question)?;
    let book = Directives.run(&context, book)?;
    serde_json::to_writer(answer, &book)?;
    Ok(())
}

/// Says by the exit status whether pages can be preprocessed for this renderer.
pub(crate) fn supports(renderer: &str) -> ExitCode {
    match Directives.supports_renderer(renderer) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) | Err(_) => ExitCode::FAILURE,
    }
}

/// A page that is being resolved.
struct Page<'book> {
    /// The root of the workbook.
    root: &'book Path,
    /// The page's file, from there.
    file: PathBuf,
    content: &'book str,
}

impl<'book> Page<'book> {
    /// `None` for a chapter that is announced, and has no page yet.
    fn of(chapter: &'book Chapter, root: &'book Path) -> Option<Self> {
        let page = chapter.source_path.as_ref()?;
        Some(Self {
            root,
            // The same on every system, since it is named in messages.
            file: format!("book/src/{}", page.display()).into(),
            content: &chapter.content,
        })
    }

    /// The page with what its directives stand for, its mistakes folded, and its tables fit for a narrow screen.
    fn resolved(&self) -> Result<String, String> {
        let mut timelines = 0;
        let page = page::resolve(&self.file, self.content, |directive| {
            if directive.name == "timeline" {
                timelines += 1;
            }
            self.put_in(directive, timelines)
        });
        let page = page.map_err(|error| error.to_string())?;
        let folded = mistakes::folded(self.root, &self.name(), &page);
        let page = folded.map_err(|reason| format!("{}: {reason}", self.file.display()))?;
        Ok(cells::labelled(&page))
    }

    fn name(&self) -> String {
        let name = self.file.file_stem().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// `timelines` is how many the page has so far.
    fn put_in(&self, directive: Directive<'_>, timelines: usize) -> Result<String, String> {
        let Directive { name, argument } = directive;
        let beside = self.root.join(&self.file);
        let folder = beside.parent().unwrap_or(self.root);
        let html = match name {
            "include" => return page::include(folder, argument),
            "misconceptions" => {
                return misconceptions::table(self.root).map_err(|error| error.to_string());
            }
            "chapters" => return tables::chapters(self.root),
            "timeline" => {
                let page = self.name();
                let (timeline, axis) = page::timeline(self.root, argument)?;
                figure::html(&timeline, axis, &format!("{page}-timeline-{timelines}"))
            }
            "svg" => picture::html(&folder.join(argument))?,
            "quiz" => {
                let file = self.root.join(format!("quiz/{argument}.toml"));
                let quiz = Quiz::read(&file).map_err(|error| error.to_string())?;
                quiz::html(&quiz.questions)
            }
            "explore" => explore::html(argument)
                .ok_or_else(|| format!("there is no explorable timeline `{argument}`"))?,
            _ => return Err(directive.unknown()),
        };
        // In Markdown, HTML ends at a blank line.
        if html.trim().lines().any(|line| line.trim().is_empty()) {
            return Err("the HTML that it stands for has a blank line".into());
        }
        Ok(format!("\n{}\n", html.trim()))
    }
}
