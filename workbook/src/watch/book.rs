//! Renders the book, and opens a page of it in the browser.

use std::{env, process::Stdio};

use process_wrap::tokio::CommandWrap;
use tokio::{sync::watch, time::Instant};
use tokio_util::task::AbortOnDropHandle;

use crate::{
    console::stopwatch,
    context::Context,
    grade::{Cargo, Executable, Stage, Stages, drain::Drain, process_group::ProcessGroup},
};

/// The book on its way to the browser. Dropping this stops cargo, and whatever it compiles.
#[derive(Debug)]
pub(super) struct Opening {
    since: Instant,
    stage: watch::Receiver<Stage>,
    task: AbortOnDropHandle<Result<(), String>>,
}

impl Opening {
    /// Has cargo build what renders the book, and opens a page: `03_gather`, or `03_gather#awaits-in-a-loop`.
    pub(super) fn start(context: &Context, page: &str) -> Self {
        let (stages, stage) = Stages::channel();
        let cargo = Cargo {
            stages,
            ..Cargo::new(context.course.root())
        };
        let page = page.to_owned();
        let opened = async move {
            let build = ["build", "--package", "book"];
            let book = Executable::build(&cargo, &build, "book").await;
            let book = book.map_err(|error| last_line(&error.to_string()))?;
            cargo.stages.tell(Stage::Running);
            let mut command = tokio::process::Command::new(book.path);
            command
                .current_dir(&cargo.workspace)
                .args(["--url", &page])
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            let mut group = ProcessGroup::spawn(CommandWrap::from(command))
                .map_err(|error| error.to_string())?;
            let stdout = Drain::start(group.child.stdout().take());
            let stderr = Drain::start(group.child.stderr().take());
            let status = group.wait().await.map_err(|error| error.to_string())?;
            group.end().await.map_err(|error| error.to_string())?;
            if !status.success() {
                let said = stderr.finish().await.text();
                let last = last_line(&said);
                return Err(if last.is_empty() {
                    status.to_string()
                } else {
                    last
                });
            }
            // By this process and not by that one, whose group has ended: the browser stays.
            let url = stdout.finish().await.text();
            open::that_detached(url.trim()).map_err(|error| error.to_string())
        };
        Self {
            since: Instant::now(),
            stage,
            task: AbortOnDropHandle::new(tokio::spawn(opened)),
        }
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
        match &*self.stage.borrow() {
            Stage::Starting | Stage::Running => "rendering the book…".to_owned(),
            stage => {
                let taken = stopwatch(self.since.elapsed());
                format!("the book: {stage}… {taken} (only the first time; B shows the page here)")
            }
        }
    }
}

/// The last line of what a program said, which tells the cause.
fn last_line(said: &str) -> String {
    let last = said.lines().rfind(|line| !line.trim().is_empty());
    last.unwrap_or_default().trim().to_owned()
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
