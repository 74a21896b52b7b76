//! A workbook of one page, in a folder of its own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use mdbook_driver::errors::Result;
use tempfile::TempDir;

use crate::render::{Rendered, render};

/// The workbook that this package belongs to.
pub(crate) fn workbook() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package lies in the workbook")
}

pub(super) struct Fixture(TempDir);

impl Fixture {
    /// A book with the settings of the real one, whose only page is `page`.
    pub(super) fn new(page: &str) -> Self {
        let fixture = Self(tempfile::tempdir().expect("the system has a temporary folder"));
        let book = workbook().join("book");
        for entry in fs::read_dir(book.join("theme")).expect("the book has a theme") {
            let file = entry.expect("the folder can be read").path();
            let text = fs::read_to_string(&file).expect("styles and scripts are text");
            let name = file.file_name().expect("it is a file").to_string_lossy();
            fixture.write(&format!("book/theme/{name}"), &text);
        }
        let settings = fs::read_to_string(book.join("book.toml")).expect("the book has settings");
        fixture
            .write("book/book.toml", &settings)
            .write("book/src/SUMMARY.md", "- [Page](page.md)\n")
            .write("book/src/page.md", page);
        fixture
    }

    pub(super) fn root(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, whose path counts from the root of the workbook. It changes at once: no render sees a half
    /// of it.
    pub(super) fn write(&self, file: &str, text: &str) -> &Self {
        let file = self.root().join(file);
        let folder = file.parent().expect("the root is above it");
        fs::create_dir_all(folder).expect("the folder is ours");
        let half = self.root().join("half");
        fs::write(&half, text).expect("the folder is ours");
        fs::rename(half, file).expect("the folder is ours");
        self
    }

    pub(super) fn render(&self) -> Result<Rendered> {
        render(self.root(), None)
    }

    /// The page as HTML.
    #[track_caller]
    pub(super) fn rendered(&self) -> String {
        let rendered = self.render().expect("the page is good");
        let page: PathBuf = rendered.folder().join("page.html");
        fs::read_to_string(page).expect("it was just written")
    }
}
