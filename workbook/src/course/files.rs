//! The files of an exercise: one, or those of a folder.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// How many files an answer may have. What learners write has a dozen; a folder that leads back to itself has no end.
pub const MOST_FILES: usize = 50;

/// The file that the others of a folder are modules of.
pub const ROOT: &str = "main.rs";

/// The Rust files of an answer whose root is `file`: that one, or first that one and then all others of its folder, in the
/// order of their names. All paths are from `workspace`. The root is named whether it is there or not.
///
/// # Errors
///
/// A folder cannot be read, or there are more than [`MOST_FILES`].
pub fn files_of(workspace: &Path, file: &Path, folder: Option<&Path>) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if let Some(folder) = folder {
        add_files(workspace, folder, &mut files)?;
        files.retain(|other| other != file);
        files.sort();
    }
    files.insert(0, file.to_owned());
    Ok(files)
}

fn add_files(workspace: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(workspace.join(folder)) {
        // The root is missing then, which is told by whoever reads it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = folder.join(entry?.file_name());
        if workspace.join(&path).is_dir() {
            add_files(workspace, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
        if files.len() > MOST_FILES {
            return Err(io::Error::other(format!(
                "{} has more than {MOST_FILES} Rust files",
                folder.display()
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_root_first_and_then_the_others_by_name() {
        let workspace = tempfile::tempdir().expect("make a temporary folder");
        let folder = Path::new("exercises/20_capstone");
        for file in [
            "zebra.rs",
            "main.rs",
            "store/mod.rs",
            "notes.md",
            "error.rs",
        ] {
            let path = workspace.path().join(folder).join(file);
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("make a folder");
            fs::write(path, file).expect("write a file");
        }
        let root = folder.join("main.rs");
        let files = files_of(workspace.path(), &root, Some(folder)).expect("read the folder");
        let names = ["main.rs", "error.rs", "store/mod.rs", "zebra.rs"];
        assert_eq!(files, names.map(|name| folder.join(name)));
        let single = Path::new("exercises/03_gather.rs");
        let files = files_of(workspace.path(), single, None).expect("read nothing");
        assert_eq!(files, [single]);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_leads_back_to_itself_is_refused() {
        let workspace = tempfile::tempdir().expect("make a temporary folder");
        let folder = workspace.path().join("answer");
        fs::create_dir(&folder).expect("make a folder");
        fs::write(folder.join("main.rs"), "").expect("write a file");
        fs::write(folder.join("other.rs"), "").expect("write a file");
        std::os::unix::fs::symlink(&folder, folder.join("again")).expect("make a link");
        let answer = Path::new("answer");
        let found = files_of(workspace.path(), &answer.join("main.rs"), Some(answer));
        assert!(found.is_err());
    }
}
