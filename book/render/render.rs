//! Has mdBook render the pages, and checks what came of it.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use mdbook_driver::{
    MDBook,
    errors::{Error, Result},
};
use reqwest::Url;

use crate::{links, preprocess::Directives, warnings};

/// The book as HTML.
#[derive(Debug)]
pub(crate) struct Rendered {
    folder: PathBuf,
    pages: usize,
}

/// Renders the book of the workbook in `root` to the folder `into`, or else to the one that its `book.toml` names.
///
/// # Errors
///
/// A page or a directive is not what it should be, a link leads nowhere, or a file cannot be read or written.
pub(crate) fn render(root: &Path, into: Option<&Path>) -> Result<Rendered> {
    rendered(root, into).map_err(|error| error.context("The book cannot be rendered"))
}

fn rendered(root: &Path, into: Option<&Path>) -> Result<Rendered> {
    let book = warnings::refused(|| {
        let mut book = MDBook::load(root.join("book"))?;
        if let Some(folder) = into {
            book.config.build.build_dir = folder.to_owned();
        }
        // In place of the command of this name, which would start this very program.
        book.with_preprocessor(Directives);
        book.build()?;
        Ok(book)
    })?;
    let folder = book.build_dir_for("html").canonicalize()?;
    let pages = links::check(&folder)?;
    Ok(Rendered { folder, pages })
}

impl Rendered {
    /// The folder that holds it.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The page to begin with.
    pub(crate) fn front_page(&self) -> PathBuf {
        self.folder.join("index.html")
    }

    /// The same for a browser.
    pub(crate) fn url(&self) -> Url {
        self.url_of_file(&self.front_page())
    }

    /// A page for a browser: the front page if it has no name, and otherwise `03_gather`, or a section of it,
    /// `03_gather#awaits-in-a-loop`.
    ///
    /// # Errors
    ///
    /// There is no such page.
    pub(crate) fn url_of(&self, page: &str) -> Result<Url> {
        let file = file_of(page);
        let (file, section) = file.split_once('#').unwrap_or((&file, ""));
        let file = self.folder.join(file);
        if !file.is_file() {
            let pages = self.folder.display();
            return Err(Error::msg(format!(
                "the book has no page {page}: those that there are stand in {pages}"
            )));
        }
        let mut url = self.url_of_file(&file);
        url.set_fragment(Some(section).filter(|section| !section.is_empty()));
        Ok(url)
    }

    fn url_of_file(&self, file: &Path) -> Url {
        Url::from_file_path(file).expect("the path begins at the root")
    }
}

/// The file of a page, with the section if one is named: `03_gather.html#awaits-in-a-loop`.
pub(crate) fn file_of(page: &str) -> String {
    let (name, section) = page.split_once('#').unwrap_or((page, ""));
    let file = match name.strip_suffix(".html").unwrap_or(name) {
        "" => "index.html".to_owned(),
        name => format!("{name}.html"),
    };
    match section {
        "" => file,
        section => format!("{file}#{section}"),
    }
}

impl fmt::Display for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { folder, pages } = self;
        write!(
            f,
            "{pages} pages are in {}. Open\n    {}\nor, in a browser,\n    {}",
            folder.display(),
            self.front_page().display(),
            self.url()
        )
    }
}
