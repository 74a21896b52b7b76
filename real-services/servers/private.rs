//! A server in a folder of its own, which ends with whoever started it.

use std::{
    env, fs, io,
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// Runs the server beside a watcher, which ends it once its standard input does: also when this process is killed. Then
/// the folder goes, too. `$1` is the folder, `$2` the signal that ends the server; the rest is the command.
const WATCHED: &str = r#"
folder=$1; signal=$2; shift 2
exec 3<&0
"$@" >"$folder/log" 2>&1 </dev/null 3<&- &
server=$!
{ read -r _; : >"$folder/told-to-end"; kill -s "$signal" "$server"; } <&3 &
watcher=$!
exec 3<&-
wait "$server"
if [ -e "$folder/told-to-end" ]; then rm -rf "$folder"; else kill "$watcher"; fi
"#;

/// How long a server may take to start. A machine may be very busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder for a server, and, if this process is root's, somebody else to run it: most servers refuse to run as root.
#[derive(Debug)]
pub(crate) struct Home {
    folder: TempDir,
    user: Option<u32>,
}

impl Home {
    pub(crate) fn new(store: &str) -> io::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix(&format!("workbook-{store}-"))
            .tempdir()?;
        let user = match fs::metadata(folder.path())?.uid() {
            0 => nobody(),
            _ => None,
        };
        chown(folder.path(), user, None)?;
        Ok(Self { folder, user })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A command in this folder, of the user whom the server belongs to.
    fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command
            .current_dir(self.path())
            .env("HOME", self.path())
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        command
    }

    /// Has `program` make what the server keeps, in the folder `data`. That takes seconds, so a copy is kept for the next
    /// time, for this version of the server.
    pub(crate) fn prepare(
        &self,
        server: &Path,
        program: &Path,
        arguments: impl FnOnce(&Path, &mut Command),
    ) -> io::Result<PathBuf> {
        let data = self.path().join("data");
        let kept = kept().join(version(server)?);
        if kept.is_dir() && self.copied(&kept, &data).is_ok() {
            return Ok(data);
        }
        let mut make = self.command(program);
        arguments(&data, &mut make);
        run(&mut make)?;
        // Another process may be doing the same at this moment.
        if let Err(error) = keep(&data, &kept)
            && !kept.is_dir()
        {
            eprintln!("the next start won't be any faster: {error}");
        }
        Ok(data)
    }

    fn copied(&self, kept: &Path, data: &Path) -> io::Result<()> {
        copy(kept, data)?;
        match self.user {
            Some(user) => run(Command::new("chown")
                .arg("-R")
                .arg(user.to_string())
                .arg(data)),
            None => Ok(()),
        }
    }

    /// Starts the server, and waits until it's ready.
    pub(crate) fn start(
        self,
        program: &Path,
        arguments: &[&str],
        signal: &str,
        is_ready: impl Fn(&Path) -> bool,
    ) -> io::Result<Private> {
        let mut shell = self.command("/bin/sh");
        shell
            .args(["-c", WATCHED, "sh"])
            .arg(self.path())
            .arg(signal)
            .arg(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl+C at the terminal is for this process. The server ends after it.
            .process_group(0);
        let mut private = Private {
            shell: shell.spawn()?,
            home: self,
        };
        let start = Instant::now();
        while !is_ready(private.home.path()) {
            if private.shell.try_wait()?.is_some() || start.elapsed() > PATIENCE {
                return Err(io::Error::other(private.last_words(program)));
            }
            nap();
        }
        Ok(private)
    }
}

#[expect(clippy::disallowed_methods, reason = "no async code is at work here")]
fn nap() {
    thread::sleep(Duration::from_millis(5));
}

/// A running server. Dropping it ends it, and removes its folder.
#[derive(Debug)]
pub(crate) struct Private {
    shell: Child,
    home: Home,
}

impl Private {
    pub(crate) fn path(&self) -> &Path {
        self.home.path()
    }

    fn last_words(&self, program: &Path) -> String {
        let log = fs::read_to_string(self.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let last = &lines[lines.len().saturating_sub(10)..];
        format!("{} didn't start:\n{}", program.display(), last.join("\n"))
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        drop(self.shell.wait());
    }
}

/// The user who owns nothing.
fn nobody() -> Option<u32> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|line| line.starts_with("nobody:"))?;
    line.split(':').nth(2)?.parse().ok()
}

/// Where prepared folders are kept: beside what cargo builds.
fn kept() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target =
        target.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"));
    target.join("servers")
}

/// What a server says of its version, as the name of a folder.
fn version(server: &Path) -> io::Result<String> {
    let output = Command::new(server).arg("--version").output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let is_fine = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let words = said.split(|c| !is_fine(c)).filter(|word| !word.is_empty());
    Ok(words.collect::<Vec<_>>().join("-"))
}

/// Keeps a copy, all of it or nothing.
fn keep(data: &Path, kept: &Path) -> io::Result<()> {
    let folder = kept.parent().expect("it was joined to one");
    fs::create_dir_all(folder)?;
    let half = tempfile::tempdir_in(folder)?;
    copy(data, &half.path().join("data"))?;
    fs::rename(half.path().join("data"), kept)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    run(Command::new("cp").arg("-R").arg(from).arg(to))?;
    // PostgreSQL refuses a folder that others can read.
    fs::set_permissions(to, fs::Permissions::from_mode(0o700))
}

fn run(command: &mut Command) -> io::Result<()> {
    let output = command.output();
    let program = command.get_program().to_string_lossy();
    let output = output.map_err(|error| io::Error::other(format!("{program}: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(io::Error::other(format!(
        "{program} failed: {}",
        String::from_utf8_lossy(&said)
    )))
}
