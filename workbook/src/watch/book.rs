//! Renders the book, and opens a page of it in the browser.

use std::{
    env, io,
    process::{Command, Stdio},
};

use process_wrap::tokio::CommandWrap;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use crate::{
    context::Context,
    grade::{Cargo, drain::Drain, forget_outer_cargo, process_group::ProcessGroup},
};

/// The book on its way to the browser. Dropping this stops cargo, and whatever it compiles.
#[derive(Debug)]
pub(super) struct Opening {
    since: Instant,
    task: AbortOnDropHandle<Result<(), String>>,
}

impl Opening {
    /// Has cargo render the book, and opens a page: `03_gather`, or `03_gather#awaits-in-a-loop`.
    ///
    /// # Errors
    ///
    /// Cargo cannot be started.
    pub(super) fn start(context: &Context, page: &str) -> io::Result<Self> {
        let mut command = Command::new(Cargo::program());
        forget_outer_cargo(&mut command);
        command
            .current_dir(context.course.root())
            .args(["run", "--quiet", "--package", "book", "--", "--url", page])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let command = tokio::process::Command::from(command);
        let mut group = ProcessGroup::spawn(CommandWrap::from(command))?;
        let opened = async move {
            let stdout = Drain::start(group.child.stdout().take());
            let stderr = Drain::start(group.child.stderr().take());
            let status = group.wait().await.map_err(|error| error.to_string())?;
            group.end().await.map_err(|error| error.to_string())?;
            if !status.success() {
                let said = stderr.finish().await.text();
                let last = said.lines().rfind(|line| !line.trim().is_empty());
                return Err(last.map_or_else(|| status.to_string(), |line| line.trim().to_owned()));
            }
            // By this process and not by that one, whose group has ended: the browser stays.
            let url = stdout.finish().await.text();
            open::that_detached(url.trim()).map_err(|error| error.to_string())
        };
        Ok(Self {
            since: Instant::now(),
            task: AbortOnDropHandle::new(tokio::spawn(opened)),
        })
    }

    /// Waits until the page is open, or it is known why it cannot be.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    pub(super) async fn opened(&mut self) -> Result<(), String> {
        match (&mut self.task).await {
            Ok(opened) => opened,
            // It is aborted by dropping it only, and what is dropped is not awaited.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// What happens now.
    pub(super) fn status(&self) -> String {
        let seconds = self.since.elapsed().as_secs_f64();
        if seconds < 3.0 {
            "the book is rendered…".to_owned()
        } else {
            format!(
                "the book is rendered… {seconds:.0} s (the first time it is compiled; B shows the page here)"
            )
        }
    }
}

/// Whether there is a browser that would be seen by whoever sits at this terminal.
pub(super) fn browser_is_there() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_set("BROWSER") {
        return true;
    }
    if cfg!(any(windows, target_os = "macos")) {
        return !is_set("SSH_CONNECTION");
    }
    ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"]
        .into_iter()
        .any(is_set)
}
