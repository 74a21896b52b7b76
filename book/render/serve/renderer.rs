//! Renders the book that is served, again at each change.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use mdbook_driver::errors::{Error, Result};
use tokio::{sync::watch, task};
use tokio_util::sync::CancellationToken;

use super::{changes::Changes, site::Site};

/// Renders the book, and says what came of it: here, and to every page that is open.
pub(super) struct Renderer {
    render: Render,
    root: PathBuf,
    sender: watch::Sender<Served>,
}

/// Renders the book of the workbook in this folder, as this version of it.
pub(super) type Render = fn(&Path, u64) -> Result<Site>;

/// The last render that succeeded, which of them it was, and why the last one did not.
#[derive(Clone, Default)]
pub(super) struct Served {
    pub(super) site: Arc<Site>,
    pub(super) version: u64,
    pub(super) failure: Option<String>,
}

impl Renderer {
    /// A renderer, and where it says what came of it.
    pub(super) fn new(render: Render, root: PathBuf) -> (Self, watch::Receiver<Served>) {
        let (sender, state) = watch::channel(Served::default());
        let renderer = Self {
            render,
            root,
            sender,
        };
        (renderer, state)
    }

    /// Renders at each change, until `shutdown`.
    ///
    /// # Errors
    ///
    /// A render panics. One that fails is no error here: the last good one stays.
    pub(super) async fn render_again(
        self,
        mut changes: Changes,
        shutdown: CancellationToken,
    ) -> Result<()> {
        // Nobody serves what nobody renders: however this ends, so does serving.
        let _shuts_down = shutdown.clone().drop_guard();
        while shutdown.run_until_cancelled(changes.next()).await.is_some() {
            self.render().await?;
        }
        Ok(())
    }

    /// Renders once.
    ///
    /// # Errors
    ///
    /// The render panics.
    pub(super) async fn render(&self) -> Result<()> {
        let version = self.sender.borrow().version + 1;
        let (render, root) = (self.render, self.root.clone());
        let rendered = task::spawn_blocking(move || render(&root, version));
        match rendered.await.map_err(Error::new)? {
            Ok(site) => {
                println!("Rendered.");
                self.sender.send_replace(Served {
                    site: Arc::new(site),
                    version,
                    failure: None,
                });
            }
            Err(error) => {
                let failure = format!("{error:#}");
                eprintln!("{failure}");
                self.sender
                    .send_modify(|served| served.failure = Some(failure));
            }
        }
        Ok(())
    }
}
