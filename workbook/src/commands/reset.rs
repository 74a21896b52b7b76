//! `workbook reset`: a stub as it came, and the learner's version kept.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use clap::Parser;

use crate::{
    console::Output, context::Context, course::Chapter, error::Error, exit::Exit, kept::keep,
};

/// Restores the original exercise of a chapter, and keeps a copy of your version.
#[derive(Clone, Debug, Parser)]
#[command(after_help = "\
Examples:
  cargo run -- reset 03      start exercises/03_gather.rs again")]
pub struct Reset {
    /// The chapter, by number or name.
    chapter: String,
}

impl Reset {
    /// Restores the file, and says where the learner's version is.
    ///
    /// # Errors
    ///
    /// There is no such chapter, or a file cannot be read or written; then the exercise is as it was.
    pub fn run(&self) -> Result<Exit, Error> {
        let mut context = Context::open_and_tell()?;
        let chapter = context.chapter(Some(&self.chapter))?;
        let shown = |file: &Path| file.display().to_string().replace('\\', "/");
        let stub = shown(&chapter.folder().unwrap_or_else(|| chapter.stub()));
        let said = match restore(context.course.root(), &chapter)? {
            Restored::AsItCame => format!("{stub} is the original already."),
            Restored::Missing => format!("{stub} is back."),
            Restored::Kept(kept) => {
                let kept: Vec<_> = kept.iter().map(|file| shown(file)).collect();
                format!(
                    "{stub} is the original again. Your version is in {}.",
                    kept.join(", ")
                )
            }
        };
        Output::open().print(said)?;
        context.remember(|progress| {
            for task in &chapter.tasks {
                progress.task_mut(&chapter.slug, &task.name).hints = 0;
            }
        });
        Ok(Exit::Passed)
    }
}

/// What was done.
#[derive(Debug, Eq, PartialEq)]
enum Restored {
    /// Nothing: it was as it came.
    AsItCame,
    /// There was no file to keep.
    Missing,
    /// What the learner had is here, from the root of the workbook.
    Kept(Vec<PathBuf>),
}

fn restore(root: &Path, chapter: &Chapter) -> Result<Restored, Error> {
    let failed = |what, file: &Path| {
        let file = file.to_owned();
        move |source| Error::File { what, file, source }
    };
    let read = |file: &Path| match fs::read(root.join(file)) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", file)(error)),
    };
    let (stub, original) = (chapter.stub(), chapter.original());
    let originals = chapter.original_files(root);
    let present = chapter.files(root).map_err(failed("read", &stub))?;
    // Each file beside what it is to hold; a file of the learner's own goes.
    let mut changes: BTreeMap<PathBuf, Option<Vec<u8>>> =
        present.into_iter().map(|file| (file, None)).collect();
    for file in originals.map_err(failed("read", &original))? {
        let came = fs::read(root.join(&file)).map_err(failed("read", &file))?;
        let below = file.strip_prefix("exercises/original").unwrap_or(&file);
        changes.insert(Path::new("exercises").join(below), Some(came));
    }
    let mut kept = Vec::new();
    let mut is_as_it_came = true;
    // Nothing is written until all that the learner has is on the disk.
    for (file, came) in &changes {
        let present = read(file)?;
        is_as_it_came &= present == *came;
        if let Some(present) = present
            && Some(&present) != came.as_ref()
        {
            kept.push(keep(root, file, &present).map_err(failed("write a copy of", file))?);
        }
    }
    if is_as_it_came {
        return Ok(Restored::AsItCame);
    }
    for (file, came) in changes {
        let path = root.join(&file);
        match came {
            Some(came) => {
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder).map_err(failed("write", &file))?;
                }
                fs::write(&path, came).map_err(failed("write", &file))?;
            }
            None => fs::remove_file(&path).map_err(failed("remove", &file))?,
        }
    }
    Ok(match kept.is_empty() {
        true => Restored::Missing,
        false => Restored::Kept(kept),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::Course;

    /// A course whose chapter 20 has a folder for an answer.
    fn course() -> (tempfile::TempDir, Course) {
        let folder = tempfile::tempdir().expect("make a temporary folder");
        let real = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let chapter = fs::read(real.join("exercises/hidden/03_gather/chapter.toml"));
        let files: [(&str, &[u8]); 5] = [
            (
                "exercises/hidden/20_capstone/chapter.toml",
                &chapter.expect("read a real chapter"),
            ),
            ("exercises/original/20_capstone/main.rs", b"mod store;"),
            ("exercises/original/20_capstone/store.rs", b"fn open() {}"),
            ("exercises/20_capstone/main.rs", b"mod store;"),
            ("exercises/20_capstone/store.rs", b"fn open() {}"),
        ];
        for (file, content) in files {
            write(folder.path(), file, content);
        }
        let course = Course::open(folder.path()).expect("open the test's own course");
        (folder, course)
    }

    fn write(root: &Path, file: &str, content: &[u8]) {
        let path = root.join(file);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("make a folder");
        fs::write(path, content).expect("write a file of the test's own");
    }

    #[test]
    fn every_file_of_a_folder_is_as_it_came_and_what_was_there_is_kept() {
        let (folder, course) = course();
        let (root, chapter) = (folder.path(), &course.chapters()[0]);
        assert_eq!(restore(root, chapter).expect("read it"), Restored::AsItCame);
        write(root, "exercises/20_capstone/store.rs", b"fn mine() {}");
        write(root, "exercises/20_capstone/store/own.rs", b"fn own() {}");
        fs::remove_file(root.join("exercises/20_capstone/main.rs")).expect("remove the root");
        let kept = [
            ".workbook/kept/20_capstone-store-own-1.rs",
            ".workbook/kept/20_capstone-store-1.rs",
        ];
        assert_eq!(
            restore(root, chapter).expect("write it"),
            Restored::Kept(kept.map(PathBuf::from).to_vec())
        );
        let read = |file: &str| fs::read_to_string(root.join(file)).expect("read it");
        assert_eq!(read(kept[0]), "fn own() {}");
        assert_eq!(read(kept[1]), "fn mine() {}");
        assert_eq!(read("exercises/20_capstone/main.rs"), "mod store;");
        assert_eq!(read("exercises/20_capstone/store.rs"), "fn open() {}");
        assert!(!root.join("exercises/20_capstone/store/own.rs").exists());
    }
}
