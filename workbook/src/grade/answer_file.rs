//! What the grader can say about an answer's file before cargo looks at it.

use std::{
    io,
    path::{Path, PathBuf},
};

use tokio::{fs, task};

use super::Sources;
use crate::course::{Chapter, Task, files_of};

/// A file to be graded, with those that are modules of it.
#[derive(Clone, Debug)]
pub struct AnswerFile {
    /// The package that has the hidden tests as a library, and the file as a test target.
    pub package: String,
    /// The cargo test target whose root the file is.
    pub target: String,
    /// The file, from the folder of the workspace.
    pub file: PathBuf,
    /// The folder that the file is the root of, from the folder of the workspace, if the answer has several files.
    pub folder: Option<PathBuf>,
    /// The file as it came, from the folder of the workspace. It need not be there.
    pub original: PathBuf,
    /// The tasks that it is to fulfil.
    pub tasks: Vec<Task>,
}

impl AnswerFile {
    /// The learner's answer to a chapter.
    #[must_use]
    pub fn of_chapter(chapter: &Chapter) -> Self {
        Self {
            package: chapter.package(),
            target: chapter.slug.clone(),
            file: chapter.stub(),
            folder: chapter.folder(),
            original: chapter.original(),
            tasks: chapter.tasks.clone(),
        }
    }

    /// Reads the files before cargo does, which would refuse the whole package for a missing one.
    ///
    /// # Errors
    ///
    /// What the file is, if it is not a file that can be compiled.
    pub(super) async fn read(&self, workspace: &Path) -> Result<Sources, String> {
        let (owned, file, folder) = (workspace.to_owned(), self.file.clone(), self.folder.clone());
        let files = task::spawn_blocking(move || files_of(&owned, &file, folder.as_deref()));
        let files = files.await.expect("it doesn't panic and is not aborted");
        let files = files.map_err(|error| format!("not readable ({error})"))?;
        let mut read = Vec::with_capacity(files.len());
        for file in files {
            let text = read_text(&workspace.join(&file)).await;
            let text = text.map_err(|cause| match file == self.file {
                true => cause,
                false => format!("not whole: {} is {cause}", file.display()),
            })?;
            // A module may be empty.
            if file == self.file && text.trim().is_empty() {
                return Err("empty".to_owned());
            }
            read.push((file, text));
        }
        Ok(Sources::new(read))
    }

    /// The text of the file as it came, if it is there.
    pub(super) async fn read_original(&self, workspace: &Path) -> Option<String> {
        let original = workspace.join(&self.original);
        fs::read_to_string(original).await.ok()
    }
}

async fn read_text(file: &Path) -> Result<String, String> {
    const LIMIT: u64 = 1 << 20;
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound if file.is_symlink() => "a link that leads nowhere".to_owned(),
        io::ErrorKind::NotFound => "missing".to_owned(),
        _ => format!("not readable ({error})"),
    };
    let data = fs::metadata(&file).await.map_err(unreadable)?;
    if data.is_dir() {
        return Err("a folder, not a file".to_owned());
    }
    if !data.is_file() {
        return Err("not a regular file".to_owned());
    }
    if data.len() > LIMIT {
        return Err("longer than 1 MiB".to_owned());
    }
    let content = fs::read(&file).await.map_err(unreadable)?;
    let text = String::from_utf8(content).map_err(|error| {
        let content = error.as_bytes();
        let valid = &content[..error.utf8_error().valid_up_to()];
        other_encoding(content, valid)
    })?;
    // ASCII text in UTF-16 without a mark is valid UTF-8, with a zero byte beside each letter.
    if text.contains('\0') {
        return Err(other_encoding(text.as_bytes(), b""));
    }
    Ok(text)
}

/// Describes a file that isn't UTF-8. `valid` is everything before the first byte that isn't.
fn other_encoding(content: &[u8], valid: &[u8]) -> String {
    let is_utf16 = content.starts_with(b"\xff\xfe")
        || content.starts_with(b"\xfe\xff")
        || content.contains(&0);
    if is_utf16 {
        return "in UTF-16; save it as UTF-8, which your editor offers under \u{201c}encoding\u{201d}".to_owned();
    }
    let line = valid.iter().filter(|&&byte| byte == b'\n').count() + 1;
    format!(
        "not in UTF-8: line {line} has a character in another encoding; save it as UTF-8, which your editor offers \
         under \u{201c}encoding\u{201d}"
    )
}
