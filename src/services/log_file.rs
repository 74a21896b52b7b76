//! A log on a slow disk: a synchronous call that blocks, and notes where it ran.
//!
//! Code under study sees a [`LogFile`], whose one method keeps the thread that calls it. The [`Disk`] is for the test: it
//! decides when an append ends and how, and remembers each.
//!
//! ```
//! use async_workbook::services::log_file::{Disk, Place};
//! use tokio::task::spawn_blocking;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let disk = Disk::new().slow();
//! let log_file = disk.log_file();
//! let job = spawn_blocking(move || log_file.append(&["started".to_owned()]));
//!
//! disk.begun(1).await;
//! assert!(!job.is_finished(), "it lasts until the disk ends it");
//! disk.end(1);
//! job.await.expect("it does not panic").expect("the disk has room");
//!
//! assert_eq!(disk.lines(), ["started"]);
//! assert_eq!(disk.appends()[0].place, Place::BlockingPool);
//! # }
//! ```

mod disk;

use std::io;

pub use disk::{Append, Disk, Place};

/// Somebody's log, written by a synchronous library. Clones write to the same file, and can be sent to other threads.
#[derive(Clone, Debug)]
pub struct LogFile {
    disk: Disk,
}

impl LogFile {
    /// Writes `lines` at the end of the file, in their order, each with a line break after it. All of them are on the
    /// disk when it returns.
    ///
    /// It blocks: the disk may take its time, and the thread that called does nothing else until then.
    ///
    /// # Errors
    ///
    /// The disk refuses the lines, and none of them is in the file.
    ///
    /// # Panics
    ///
    /// The library has a bug, and meets it now and then.
    pub fn append(&self, lines: &[String]) -> io::Result<()> {
        self.disk.append(lines)
    }
}
