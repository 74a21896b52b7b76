//! Where a server is, or its programs are.

use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
};

/// A kind of server.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Store {
    /// PostgreSQL.
    PostgreSql,
    /// MariaDB, or MySQL.
    MariaDb,
    /// Redis, or Valkey, which speaks the same protocol.
    Redis,
}

/// What was found of a server.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Found {
    /// The environment names a server that's running.
    Url(String),
    /// The folder with its programs.
    Programs(PathBuf),
}

impl Store {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::PostgreSql, Self::MariaDb, Self::Redis];

    /// The environment variable that names a server.
    #[must_use]
    pub fn variable(self) -> &'static str {
        match self {
            Self::PostgreSql => "DATABASE_URL",
            Self::MariaDb => "MYSQL_URL",
            Self::Redis => "REDIS_URL",
        }
    }

    /// The server that the environment names. If there's none: the folder with the programs for one, the newest first.
    #[must_use]
    pub fn find(self) -> Option<Found> {
        let named = env::var(self.variable()).ok();
        // Other programs use `DATABASE_URL` too, for other databases.
        if let Some(url) =
            named.filter(|url| self.schemes().iter().any(|scheme| url.starts_with(scheme)))
        {
            return Some(Found::Url(url));
        }
        if cfg!(windows) {
            return None; // Private servers listen on a Unix socket.
        }
        let (needed, folders) = self.programs();
        let has_all =
            |folder: &PathBuf| needed.iter().all(|program| folder.join(program).is_file());
        let folders = folders.into_iter().chain(on_path(needed.first()?));
        folders.into_iter().find(has_all).map(Found::Programs)
    }

    /// What to do if there's none.
    #[must_use]
    pub fn missing(self) -> String {
        let variable = self.variable();
        match self {
            Self::PostgreSql => format!(
                "PostgreSQL isn't here: install it, for example with `apt-get install postgresql`, or set {variable}"
            ),
            Self::MariaDb => format!(
                "MariaDB isn't here: install it, for example with `apt-get install mariadb-server`, or set {variable}"
            ),
            Self::Redis => format!(
                "Redis isn't here: install it, for example with `apt-get install redis-server`, or set {variable}"
            ),
        }
    }

    fn schemes(self) -> &'static [&'static str] {
        match self {
            Self::PostgreSql => &["postgres://", "postgresql://"],
            Self::MariaDb => &["mysql://", "mariadb://"],
            Self::Redis => &["redis://", "redis+unix://", "unix://"],
        }
    }

    /// The programs that a private server needs, and where they may be besides `PATH`.
    fn programs(self) -> (&'static [&'static str], Vec<PathBuf>) {
        match self {
            Self::PostgreSql => (&["postgres", "initdb"], versions("/usr/lib/postgresql")),
            Self::MariaDb => (&["mariadbd"], vec!["/usr/sbin".into()]),
            Self::Redis => (&["redis-server"], Vec::new()),
        }
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PostgreSql => "PostgreSQL",
            Self::MariaDb => "MariaDB",
            Self::Redis => "Redis",
        })
    }
}

/// The folders `…/17/bin`, `…/15/bin`: Debian keeps a folder for each version, and none of them is on `PATH`.
fn versions(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by(|a, b| b.cmp(a));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

/// The folder of a program that is on `PATH`. A link leads to the folder with the programs that belong to it.
fn on_path(program: &str) -> Option<PathBuf> {
    let file = which::which(program).ok()?;
    let file = fs::canonicalize(&file).unwrap_or(file);
    file.parent().map(Path::to_path_buf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_comes_first() {
        let folder = tempfile::tempdir().expect("there is a temporary folder");
        for version in ["9", "15", "10", "common"] {
            fs::create_dir(folder.path().join(version)).expect("it is ours");
        }
        let found = versions(folder.path());
        let expected = ["15", "10", "9"].map(|version| folder.path().join(version).join("bin"));
        assert_eq!(found, expected);
        assert!(versions(folder.path().join("nothing")).is_empty());
    }

    #[test]
    fn whoever_misses_a_server_is_told_how_to_get_it() {
        for store in Store::ALL {
            let words = store.missing();
            assert!(
                words.contains(store.variable()) && words.starts_with(&store.to_string()),
                "{words}"
            );
        }
    }
}
