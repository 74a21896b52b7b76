//! Notices when something changes that the book is made of.

use std::{path::Path, time::Duration};

use notify::RecursiveMode;
use tokio::time;
use workbook::file_events::FileEvents;

/// The folders, from the root of the workbook, in which pages and what they show stand, at any depth.
const FOLDERS: [&str; 15] = [
    ".helix",
    ".vscode",
    ".zed",
    "book/code",
    "book/pictures",
    "book/python",
    "book/speedups",
    "book/src",
    "book/theme",
    "examples",
    "exercises",
    "quiz",
    "solutions",
    "src",
    "tests/snapshots",
];

/// The folders of single files: of the settings of an editor, and of `book.toml`. Editors replace a file when they save it,
/// so its folder is watched, without the folders in it.
const FOLDERS_OF_FILES: [&str; 4] = [
    "",
    "book",
    "real-services/stores",
    "real-services/stores/tests",
];

/// How long an editor may take from the first to the last of its steps, if all of them are to count as one.
const SETTLE: Duration = Duration::from_millis(50);

pub(super) struct Changes(FileEvents);

impl Changes {
    pub(super) fn watch(root: &Path) -> notify::Result<Self> {
        let mut events = FileEvents::new()?;
        let folders = FOLDERS.map(|folder| (folder, RecursiveMode::Recursive));
        let of_files = FOLDERS_OF_FILES.map(|folder| (folder, RecursiveMode::NonRecursive));
        for (folder, mode) in folders.into_iter().chain(of_files) {
            let folder = root.join(folder);
            if folder.is_dir() {
                events.add(&folder, mode)?;
            }
        }
        Ok(Self(events))
    }

    /// Waits for a change, and then for an end of the changes.
    ///
    /// # Cancel safety
    ///
    /// A change may be forgotten if this is dropped.
    pub(super) async fn next(&mut self) {
        self.0.happened().await;
        while time::timeout(SETTLE, self.0.happened()).await.is_ok() {}
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use workbook::page;

    use super::*;
    use crate::tests::fixture::workbook;

    #[test]
    fn every_file_that_a_page_shows_is_watched() {
        let root = workbook().canonicalize().expect("it is there");
        let pages = root.join("book/src");
        let mut shown = 0;
        for entry in fs::read_dir(&pages).expect("the book has pages") {
            let page = entry.expect("the folder can be read").path();
            let text = fs::read_to_string(&page).expect("pages are text");
            let resolved = page::resolve(&page, &text, |directive| {
                if !["include", "svg"].contains(&directive.name) {
                    return Ok(String::new());
                }
                let file = directive.argument.split(':').next().unwrap_or_default();
                let file = pages.join(file).canonicalize().expect("it is shown");
                let file = file.strip_prefix(&root).expect("it is a part of this");
                let watched = FOLDERS.iter().any(|folder| file.starts_with(folder))
                    || FOLDERS_OF_FILES
                        .map(Path::new)
                        .contains(&file.parent().expect("it is a file"));
                assert!(watched, "{} is not watched", file.display());
                shown += 1;
                Ok(String::new())
            });
            resolved.expect("every directive is well formed");
        }
        assert!(shown > 100, "{shown} files");
    }
}
