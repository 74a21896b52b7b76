//! Copies of what a learner wrote, made before a file of theirs is changed.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, Write as _},
    path::{Component, Path, PathBuf},
};

/// The folder of the copies, from the root of the workbook.
pub const FOLDER: &str = ".workbook/kept";

/// Writes a copy of `file`, which holds `content`, under a name that no file has yet, and returns that name. Both paths
/// are from the root of the workbook. When this returns, the copy is on the disk.
///
/// # Errors
///
/// The disk refuses.
pub fn keep(root: &Path, file: &Path, content: &[u8]) -> io::Result<PathBuf> {
    let folder = Path::new(FOLDER);
    fs::create_dir_all(root.join(folder))?;
    let stem = name(file);
    let extension = file
        .extension()
        .and_then(OsStr::to_str)
        .map(|extension| format!(".{extension}"))
        .unwrap_or_default();
    for number in 1.. {
        let copy = folder.join(format!("{stem}-{number}{extension}"));
        match File::create_new(root.join(&copy)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            file => {
                let mut file = file?;
                file.write_all(content)?;
                file.sync_all()?;
                return Ok(copy);
            }
        }
    }
    unreachable!("there is no end of numbers")
}

/// What the copies of a file are called, without number and extension: an exercise as its chapter, another file by its
/// whole path.
fn name(file: &Path) -> String {
    let below = file.strip_prefix("exercises").unwrap_or(file);
    let below = below.with_extension("");
    let parts = below.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.to_string_lossy()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_copy_replaces_another() {
        let root = tempfile::tempdir().expect("make a temporary folder");
        let file = Path::new("exercises/03_gather.rs");
        let copies = ["one", "two"].map(|content| {
            keep(root.path(), file, content.as_bytes()).expect("write to a temporary folder")
        });
        let folder = Path::new(FOLDER);
        assert_eq!(
            copies,
            ["03_gather-1.rs", "03_gather-2.rs"].map(|name| folder.join(name))
        );
        let first = fs::read_to_string(root.path().join(&copies[0])).expect("read the copy");
        assert_eq!(first, "one");
    }

    #[test]
    fn files_of_one_name_in_two_folders_are_told_apart() {
        assert_eq!(name(Path::new("exercises/03_gather.rs")), "03_gather");
        assert_eq!(
            name(Path::new("examples/03_gather.rs")),
            "examples-03_gather"
        );
        assert_eq!(name(Path::new("README")), "README");
    }
}
