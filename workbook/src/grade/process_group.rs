//! A process with everything it starts, which ends as one.

use std::{io, process::ExitStatus};

use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop};

/// A running process and all that it started and that stayed in its group (on Unix) or job (on Windows).
/// All of it is ended at the latest when this is dropped.
pub(crate) struct ProcessGroup {
    pub(crate) child: Box<dyn ChildWrapper>,
    ended: bool,
}

impl ProcessGroup {
    pub(crate) fn spawn(mut command: CommandWrap) -> io::Result<Self> {
        command.wrap(KillOnDrop);
        #[cfg(unix)]
        command.wrap(process_wrap::tokio::ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(process_wrap::tokio::JobObject);
        Ok(Self {
            child: command.spawn()?,
            ended: false,
        })
    }

    /// The number of the process itself, while it runs.
    pub(super) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Waits until the process itself has ended.
    pub(crate) async fn wait(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Ends whatever is left, and waits for the process itself; what it started ends at about the same
    /// time, and is not ours to wait for.
    pub(crate) async fn end(mut self) -> io::Result<()> {
        self.kill();
        // From here on the group's number may be given to others: it is not used again.
        self.ended = true;
        self.child.wait().await.map(drop)
    }

    pub(super) fn kill(&mut self) {
        // The only error is that nobody is left to be ended.
        drop(self.child.start_kill());
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        if !self.ended {
            self.kill();
        }
    }
}
