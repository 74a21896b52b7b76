//! A call of cargo that builds: what comes of it, and how far it is.

use std::{
    io,
    process::{Command, ExitStatus, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use cargo_metadata::{Artifact, Message, TargetKind};
use process_wrap::tokio::CommandWrap;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader},
    process::{ChildStderr, ChildStdout},
};

use super::{process_group::ProcessGroup, stage::Stages};

/// Cargo, building. Dropping this ends it, with the compilers that it started.
pub(super) struct Compilation {
    group: ProcessGroup,
    out: ChildStdout,
    err: ChildStderr,
}

impl Compilation {
    /// Starts a command of [`Cargo`](super::Cargo)'s that prints messages as JSON.
    ///
    /// # Errors
    ///
    /// Cargo could not be started.
    pub(super) fn start(mut command: Command) -> io::Result<Self> {
        command
            // The only one to know how much there is to be compiled is cargo, and it says so in its bar alone.
            .env("CARGO_TERM_PROGRESS_WHEN", "always")
            .env("CARGO_TERM_PROGRESS_WIDTH", "200")
            .env("CARGO_TERM_PROGRESS_TERM_INTEGRATION", "false")
            // What cargo says is read here. The colours of errors are part of the messages.
            .env("CARGO_TERM_COLOR", "never")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let command = tokio::process::Command::from(command);
        let mut group = ProcessGroup::spawn(CommandWrap::from(command))?;
        let streams = (group.child.stdout().take(), group.child.stderr().take());
        let (Some(out), Some(err)) = streams else {
            return Err(io::Error::other("its output cannot be read"));
        };
        Ok(Self { group, out, err })
    }

    /// The number of cargo's process, while it runs.
    pub(super) fn id(&self) -> Option<u32> {
        self.group.id()
    }

    /// Reads all that cargo prints. Every message goes to `take`, and how far it is to `stages`; returned is what it said
    /// besides, without its bar.
    pub(super) async fn read(
        &mut self,
        stages: &Stages,
        take: impl FnMut(Message),
    ) -> io::Result<String> {
        let fresh = AtomicUsize::new(0);
        let ((), said) = tokio::try_join!(
            read_messages(&mut self.out, &fresh, take),
            read_status(&mut self.err, &fresh, stages),
        )?;
        Ok(said)
    }

    /// Ends cargo, and the compilers that it started.
    pub(super) fn kill(&mut self) {
        self.group.kill();
    }

    /// Waits until cargo has ended.
    pub(super) async fn wait(&mut self) -> io::Result<ExitStatus> {
        self.group.wait().await
    }
}

/// Reads a JSON object a line, and counts what is fresh.
async fn read_messages(
    out: impl AsyncRead + Unpin,
    fresh: &AtomicUsize,
    mut take: impl FnMut(Message),
) -> io::Result<()> {
    let mut lines = BufReader::new(out);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).await? > 0 {
        // What is no message was printed by a build script.
        if let Ok(message) = serde_json::from_slice(&line) {
            if let Message::CompilerArtifact(artifact) = &message {
                fresh.fetch_add(fresh_steps(artifact), Ordering::Relaxed);
            }
            take(message);
        }
        line.clear();
    }
    Ok(())
}

/// How many steps of cargo's bar an artifact stands for that was there already. A build script is compiled, and then it is run.
fn fresh_steps(artifact: &Artifact) -> usize {
    match artifact.target.kind.contains(&TargetKind::CustomBuild) {
        _ if !artifact.fresh => 0,
        true => 2,
        false => 1,
    }
}

/// Reads lines. Whenever the bar changes, cargo goes back to the beginning of the line.
async fn read_status(
    mut err: impl AsyncRead + Unpin,
    fresh: &AtomicUsize,
    stages: &Stages,
) -> io::Result<String> {
    let mut said = String::new();
    let mut piece = Vec::new();
    let mut buffer = vec![0; 8 * 1024];
    loop {
        let bytes = err.read(&mut buffer).await?;
        for &byte in &buffer[..bytes] {
            match byte {
                b'\n' => {
                    let line = String::from_utf8_lossy(&piece);
                    stages.hear(&line, fresh.load(Ordering::Relaxed));
                    said.push_str(&line);
                    said.push('\n');
                    piece.clear();
                }
                b'\r' => {
                    let bar = String::from_utf8_lossy(&piece);
                    stages.hear(&bar, fresh.load(Ordering::Relaxed));
                    piece.clear();
                }
                byte => piece.push(byte),
            }
        }
        if bytes == 0 {
            said.push_str(&String::from_utf8_lossy(&piece));
            return Ok(said);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::stage::Stage, *};

    #[tokio::test]
    async fn the_bar_is_followed_and_is_no_part_of_what_cargo_says() {
        let (stages, stage) = Stages::channel();
        let printed = "   Compiling syn v2.0.1\n    Building [>  ] 5/9: syn   \r     Running `rustc syn`\n\
                       error: it is not so\n    Building [=> ] 7/9: serde   \r";
        let fresh = AtomicUsize::new(4);
        let said = read_status(printed.as_bytes(), &fresh, &stages).await;
        assert_eq!(
            said.expect("read from memory"),
            "   Compiling syn v2.0.1\n     Running `rustc syn`\nerror: it is not so\n"
        );
        assert_eq!(stage.borrow().to_string(), "Compiling serde, 4 of 5");
        stages.tell(Stage::Running);
        assert_eq!(*stage.borrow(), Stage::Running);
    }
}
