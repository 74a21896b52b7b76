//! A clone that is a git repository takes over what its remote has.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    Change, Touched, UpdateError,
    git::{Git, GitError},
    keep,
    merge::merge,
    read,
};

/// What was fetched.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct News {
    /// Where from.
    pub url: String,
    /// How many commits the clone lacks.
    pub commits: usize,
    /// The newest one.
    commit: String,
}

/// What an update did.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Updated {
    /// The files that the learner had changed and that the new version changes too.
    pub touched: Vec<Touched>,
}

/// Fetches what is new, and changes no file.
///
/// It comes from the remote `upstream`, as forks call what they were made from; else from the remote that the current
/// branch follows; else from `origin`. Of that, it is `branch`, or the branch that is shown first.
///
/// # Errors
///
/// This is no clone, or one in which something else is unfinished; git or the network refuses.
pub fn fetch(root: &Path, branch: Option<&str>) -> Result<News, UpdateError> {
    let git = Git::new(root);
    let folder = match git.line(&["rev-parse", "--show-prefix"]) {
        Ok(folder) => folder,
        Err(error) => {
            return Err(UpdateError::NoClone {
                why: match error {
                    GitError::Start(error) => format!("and git cannot be started: {error}"),
                    GitError::Failed { .. } => "git finds no repository".into(),
                },
                here: root.to_owned(),
            });
        }
    };
    if !folder.is_empty() {
        return Err(UpdateError::Inside {
            folder,
            here: root.to_owned(),
        });
    }
    if root.join("exercises").is_symlink() {
        return Err(UpdateError::LinkedFolder);
    }
    nothing_is_unfinished(root, &git)?;
    let remote = remote(&git)?;
    git.fetch(&remote, branch.unwrap_or("HEAD"))?;
    let commit = git.line(&["rev-parse", "FETCH_HEAD"])?;
    let missing = git.line(&["rev-list", "--count", &format!("HEAD..{commit}")])?;
    Ok(News {
        url: git.line(&["remote", "get-url", &remote])?,
        commits: missing.parse().unwrap_or_default(),
        commit,
    })
}

fn nothing_is_unfinished(root: &Path, git: &Git) -> Result<(), UpdateError> {
    for (file, what) in [
        ("MERGE_HEAD", "merge"),
        ("rebase-merge", "rebase"),
        ("rebase-apply", "rebase"),
        ("CHERRY_PICK_HEAD", "cherry-pick"),
    ] {
        let path = git.line(&["rev-parse", "--git-path", file])?;
        if root.join(path).exists() {
            return Err(UpdateError::Unfinished(what));
        }
    }
    Ok(())
}

fn remote(git: &Git) -> Result<String, UpdateError> {
    let remotes = git.line(&["remote"])?;
    let known = |name: &&String| remotes.lines().any(|remote| remote == *name);
    let followed = git
        .line(&["symbolic-ref", "--quiet", "--short", "HEAD"])
        .and_then(|branch| git.line(&["config", &format!("branch.{branch}.remote")]))
        .ok();
    let candidates = [
        Some("upstream".to_owned()),
        followed,
        Some("origin".to_owned()),
    ];
    let mut candidates = candidates.iter().flatten();
    candidates.find(known).cloned().ok_or(UpdateError::NoRemote)
}

/// A file that both sides changed.
#[derive(Debug)]
struct Disputed {
    file: PathBuf,
    /// What the learner has there; nothing, if it was deleted.
    yours: Option<Vec<u8>>,
    /// Where it leads, if it is a link.
    link: Option<PathBuf>,
    /// What is to be there afterwards; nothing, if no file is.
    result: Option<Vec<u8>>,
    /// What to say of it; nothing, if both sides did the same.
    touched: Option<Touched>,
}

/// Brings the clone to what was fetched. To be let run to its end: whatever the learner wrote is copied before it is
/// touched, but would have to be put back by hand.
///
/// # Errors
///
/// Git or the disk refuses. Unless the error says otherwise, everything is as it was.
pub fn from_remote(root: &Path, news: &News) -> Result<Updated, UpdateError> {
    let git = Git::new(root);
    let begin = git.line(&["merge-base", "HEAD", &news.commit]);
    let begin = begin.map_err(|error| match error {
        GitError::Failed { .. } => UpdateError::NotMerged {
            said: "they have no commit in common".into(),
            new: news.commit.clone(),
        },
        error => error.into(),
    })?;
    let mut disputed = Vec::new();
    for file in disputed_files(root, &git, &begin, &news.commit)? {
        disputed.push(Disputed::settle(root, &git, file, &begin, &news.commit)?);
    }
    let begun = set_aside(root, &git, &disputed).and_then(|()| merge_commits(&git, news));
    if let Err(error) = begun {
        for Disputed {
            file, yours, link, ..
        } in &disputed
        {
            put(root, file, yours.as_deref(), link.as_deref())
                .map_err(UpdateError::file("write", file))?;
        }
        return Err(error);
    }
    for Disputed {
        file,
        result,
        link,
        touched,
        ..
    } in &disputed
    {
        put(root, file, result.as_deref(), link.as_deref()).map_err(|source| {
            let kept = touched.as_ref().and_then(|touched| touched.kept.clone());
            UpdateError::Unwritten {
                file: file.clone(),
                kept: kept.unwrap_or_else(|| file.clone()),
                source,
            }
        })?;
    }
    Ok(Updated {
        touched: disputed
            .into_iter()
            .filter_map(|file| file.touched)
            .collect(),
    })
}

/// The files that the new version changes, and that aren't in the clone as they were when both began.
fn disputed_files(
    root: &Path,
    git: &Git,
    begin: &str,
    new: &str,
) -> Result<BTreeSet<PathBuf>, UpdateError> {
    const NAMES: [&str; 4] = ["diff", "--name-only", "--no-renames", "-z"];
    let changed = |ends: &[&str]| git.paths(&[&NAMES, ends].concat());
    // Against the working tree, and against the index, which may hold a third version.
    let yours: BTreeSet<_> = changed(&[begin])?
        .into_iter()
        .chain(changed(&["--cached", begin])?)
        .collect();
    let theirs = changed(&[begin, new])?;
    let is_disputed = |file: &PathBuf| {
        // A file that git does not know of can stand where the new version puts one.
        let is_unknown = || root.join(file).symlink_metadata().is_ok();
        yours.contains(file)
            || (is_unknown()
                && !git
                    .agrees(&["cat-file", "-e", &at(begin, file)])
                    .unwrap_or(true))
    };
    Ok(theirs.into_iter().filter(is_disputed).collect())
}

fn at(commit: &str, file: &Path) -> String {
    format!("{commit}:{}", super::git::slashes(file))
}

impl Disputed {
    /// Decides what becomes of a file, and copies what the learner has if it is to change.
    fn settle(
        root: &Path,
        git: &Git,
        file: PathBuf,
        begin: &str,
        new: &str,
    ) -> Result<Self, UpdateError> {
        let yours = read(root, &file)?;
        let [base, theirs] = [git.file(begin, &file)?, git.file(new, &file)?];
        // What was added to the index, and changed since, is a version of its own.
        let staged = git.file("", &file)?;
        if let Some(staged) = &staged
            && [&yours, &base, &theirs, &git.file("HEAD", &file)?]
                .iter()
                .all(|known| known.as_ref() != Some(staged))
        {
            keep(root, &file, staged)?;
        }
        let (result, change) = decide(is_answer(&file), base, yours.clone(), theirs);
        let kept = match &yours {
            Some(content) if result != yours => Some(keep(root, &file, content)?),
            _ => None,
        };
        Ok(Self {
            link: fs::read_link(root.join(&file)).ok(),
            touched: change.map(|change| Touched {
                file: file.clone(),
                change,
                kept,
            }),
            file,
            yours,
            result,
        })
    }
}

/// Whether learners work in a file: it stands in `exercises`, or in a folder there that is named after a chapter.
fn is_answer(file: &Path) -> bool {
    let below = file.strip_prefix("exercises").ok();
    let name = below.and_then(|below| below.to_str());
    name.is_some_and(|name| name.starts_with(|first: char| first.is_ascii_digit()))
}

/// What becomes of a file that both sides changed, and what to say of it.
fn decide(
    is_answer: bool,
    base: Option<Vec<u8>>,
    yours: Option<Vec<u8>>,
    new: Option<Vec<u8>>,
) -> (Option<Vec<u8>>, Option<Change>) {
    if yours == new || yours == base {
        return (new, None);
    }
    let text = |content: Option<Vec<u8>>| content.map(String::from_utf8);
    match (text(base), text(yours), new) {
        (_, None, _) => (None, Some(Change::StillDeleted)),
        (_, Some(_), None) => (None, Some(Change::Removed)),
        (Some(Ok(base)), Some(Ok(yours)), Some(new)) => {
            let Ok(theirs) = str::from_utf8(&new) else {
                return (Some(new), Some(Change::Replaced));
            };
            let merged = merge(&base, &yours, theirs);
            match merged.conflicts.is_empty() {
                true if merged.text == yours => (Some(yours.into()), None),
                true => (Some(merged.text.into()), Some(Change::Merged)),
                // The marks of a conflict are for answers: whatever else is broken by them could hinder the workbook.
                false if is_answer => (
                    Some(merged.text.into()),
                    Some(Change::Conflicts(merged.conflicts)),
                ),
                false => (Some(new), Some(Change::Replaced)),
            }
        }
        (_, _, new) => (new, Some(Change::Replaced)),
    }
}

/// Makes room for the new version: the files in dispute are for git as they are in the last commit.
fn set_aside(root: &Path, git: &Git, disputed: &[Disputed]) -> Result<(), UpdateError> {
    for Disputed { file, .. } in disputed {
        let name = super::git::slashes(file);
        if git.agrees(&["cat-file", "-e", &at("HEAD", file)])? {
            git.output(&["checkout", "--quiet", "HEAD", "--", &name])?;
        } else {
            git.output(&["rm", "--quiet", "--cached", "--ignore-unmatch", "--", &name])?;
            remove(&root.join(file)).map_err(UpdateError::file("remove", file))?;
        }
    }
    Ok(())
}

/// Where learner and new version disagree in a commit, the learner's lines are committed: they are merged in the file.
fn merge_commits(git: &Git, news: &News) -> Result<(), UpdateError> {
    let new = news.commit.as_str();
    let merged = if git.agrees(&["merge-base", "--is-ancestor", "HEAD", new])? {
        git.output(&["merge", "--quiet", "--ff-only", new])
    } else {
        git.output(&[
            "merge",
            "--quiet",
            "--no-edit",
            "--strategy-option=ours",
            new,
        ])
    };
    match merged {
        Ok(_) => Ok(()),
        Err(GitError::Failed { said, .. }) => {
            if git.agrees(&["rev-parse", "--verify", "--quiet", "MERGE_HEAD"])? {
                git.output(&["merge", "--abort"])?;
            }
            Err(UpdateError::NotMerged {
                said,
                new: new.to_owned(),
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// Puts this content where the file is, or no file at all. A link is put back, and written through.
fn put(root: &Path, file: &Path, content: Option<&[u8]>, link: Option<&Path>) -> io::Result<()> {
    let path = root.join(file);
    let Some(content) = content else {
        return remove(&path);
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    #[cfg(unix)]
    if let Some(target) = link {
        remove(&path)?;
        std::os::unix::fs::symlink(target, &path)?;
    }
    #[cfg(not(unix))]
    let _ = link;
    if fs::read(&path).is_ok_and(|present| present == content) {
        return Ok(());
    }
    fs::write(&path, content)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}
