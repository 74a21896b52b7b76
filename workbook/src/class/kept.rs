//! What came of each answer, kept on disk with the answer itself.
//!
//! In `.workbook/class/`, each answer to a chapter that was graded has a file, named after its checksum. A checksum can be
//! forged, so what is found there counts only for the very same text, under the same hidden tests. No file says who
//! handed the answer in.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::ChapterResult;
use crate::{
    course::{Chapter, Course},
    grade::Sources,
};

/// Raised when what is kept could no longer be read, or would mean something else.
const VERSION: u32 = 1;

/// Where results are kept.
#[derive(Clone, Debug)]
pub struct Kept {
    folder: PathBuf,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    /// Tells under which hidden tests it was graded.
    course: u32,
    answer: Sources,
    result: ChapterResult,
}

impl Kept {
    /// Those of this clone.
    #[must_use]
    pub fn of(course: &Course) -> Self {
        Self::in_folder(&course.root().join(".workbook/class"))
    }

    /// Those in this folder, which is made when it is first needed.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What came of this answer. What cannot be read was never kept.
    #[must_use]
    pub fn find(&self, chapter: &Chapter, course: u32, answer: &Sources) -> Option<ChapterResult> {
        let content = fs::read(self.file(chapter, answer)).ok()?;
        let document: Document = serde_json::from_slice(&content).ok()?;
        let is_same =
            document.version == VERSION && document.course == course && document.answer == *answer;
        is_same.then_some(document.result)
    }

    /// Keeps what came of an answer. Whoever reads it meanwhile finds all of it, or nothing.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    pub fn keep(
        &self,
        chapter: &Chapter,
        course: u32,
        answer: &Sources,
        result: &ChapterResult,
    ) -> io::Result<()> {
        let document = Document {
            version: VERSION,
            course,
            answer: answer.clone(),
            result: result.clone(),
        };
        let folder = self.folder.join(&chapter.slug);
        fs::create_dir_all(&folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&folder)?;
        file.write_all(&serde_json::to_vec(&document)?)?;
        file.as_file().sync_all()?;
        file.persist(self.file(chapter, answer))?;
        Ok(())
    }

    /// Forgets what came of all answers to a chapter.
    ///
    /// # Errors
    ///
    /// The disk refuses.
    pub fn forget(&self, chapter: &Chapter) -> io::Result<()> {
        match fs::remove_dir_all(self.folder.join(&chapter.slug)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn file(&self, chapter: &Chapter, answer: &Sources) -> PathBuf {
        let name = format!("{:08x}.json", answer.fingerprint());
        self.folder.join(&chapter.slug).join(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Sources {
        Sources::new([(PathBuf::from("exercises/03_gather.rs"), text.to_owned())])
    }

    #[test]
    fn a_result_counts_for_the_same_answer_under_the_same_hidden_tests() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let course = Course::open(root).expect("this is the workbook");
        let chapter = course.chapter("03").expect("it is there");
        let folder = tempfile::tempdir().expect("make a temporary folder");
        let kept = Kept::in_folder(folder.path());
        let result = ChapterResult {
            tasks: Vec::new(),
            not_graded: Some("why".into()),
        };
        let one = answer("one");
        assert_eq!(kept.find(chapter, 1, &one), None);
        kept.keep(chapter, 1, &one, &result)
            .expect("write to the folder");
        assert_eq!(kept.find(chapter, 1, &one), Some(result.clone()));
        assert_eq!(kept.find(chapter, 2, &one), None, "other hidden tests");

        // These two have the same checksum.
        let (first, second) = (answer("plumless"), answer("buckeroo"));
        assert_eq!(first.fingerprint(), second.fingerprint());
        kept.keep(chapter, 1, &first, &result)
            .expect("write to the folder");
        assert_eq!(kept.find(chapter, 1, &second), None);

        kept.forget(chapter).expect("remove from the folder");
        kept.forget(chapter).expect("there is nothing to forget");
        assert_eq!(kept.find(chapter, 1, &one), None);
    }
}
