//! Who handed something in.

use std::{
    io,
    path::{Path, PathBuf},
};

use async_workbook::verdict::escape_control;

use crate::grade::HandedIn;

/// A folder that was handed in, and the name by which it is told from the others.
#[derive(Clone, Debug)]
pub struct Learner {
    /// The folder's own name, or its whole path if another folder has the same name.
    pub name: String,
    /// What is in it.
    pub handed_in: HandedIn,
}

impl Learner {
    /// A learner for each folder, in their order.
    ///
    /// # Errors
    ///
    /// The first folder that cannot be read, and why.
    pub fn all(folders: &[PathBuf]) -> Result<Vec<Self>, (PathBuf, io::Error)> {
        let names: Vec<String> = folders.iter().map(|folder| name_of(folder)).collect();
        let is_alone = |name: &String| names.iter().filter(|other| *other == name).count() == 1;
        let learner = |(folder, name): (&PathBuf, &String)| {
            let handed_in = HandedIn::open(folder).map_err(|error| (folder.clone(), error))?;
            let name = match is_alone(name) {
                true => name.clone(),
                false => folder.display().to_string(),
            };
            // It's shown on terminals, and learners may have chosen it.
            let name = escape_control(&name);
            Ok(Self { name, handed_in })
        };
        std::iter::zip(folders, &names).map(learner).collect()
    }
}

/// The last part of the path; of `.` and the like, the name of the folder that it is.
fn name_of(folder: &Path) -> String {
    let last = folder.file_name().map(ToOwned::to_owned);
    let last = last.or_else(|| Some(folder.canonicalize().ok()?.file_name()?.to_owned()));
    last.map_or_else(
        || folder.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_learner_has_the_name_of_the_folder_unless_another_has_it_too() {
        let top = tempfile::tempdir().expect("make a temporary folder");
        let folders = ["monday/anna", "tuesday/anna", "tuesday/ben"].map(|name| {
            let folder = top.path().join(name);
            std::fs::create_dir_all(&folder).expect("make a folder");
            folder
        });
        let learners = Learner::all(&folders).expect("read the folders");
        let names: Vec<&str> = learners
            .iter()
            .map(|learner| learner.name.as_str())
            .collect();
        let annas = [&folders[0], &folders[1]].map(|folder| folder.display().to_string());
        assert_eq!(names, [annas[0].as_str(), annas[1].as_str(), "ben"]);

        let file = top.path().join("notes.txt");
        std::fs::write(&file, "").expect("write a file");
        let (named, _) =
            Learner::all(&[folders[0].clone(), file.clone()]).expect_err("a file is no folder");
        assert_eq!(named, file);
    }
}
