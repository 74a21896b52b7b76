//! A collection in MongoDB, read through its cursor.

use std::sync::{Arc, Mutex, PoisonError};

use futures::TryStreamExt as _;
use mongodb::{
    Client, Collection,
    bson::{Document, doc},
    error::Result,
    event::{EventHandler, command::CommandEvent},
    options::ClientOptions,
};

// ANCHOR: enough
/// Adds up the numbers of the documents, until there's enough.
pub async fn enough(documents: &Collection<Document>, enough: i64) -> Result<i64> {
    // The server sends a hundred now, and the next hundred when they're wanted.
    let all = documents.find(doc! {}).sort(doc! { "_id": 1 });
    let mut cursor = all.batch_size(100).await?;
    let mut sum = 0;
    while sum < enough
        && let Some(document) = cursor.try_next().await?
    {
        sum += document.get_i64("n").unwrap_or_default();
    }
    // If there's more, dropping the cursor tells the server to forget it.
    Ok(sum)
}
// ANCHOR_END: enough

/// The names of the commands that a client has sent.
#[derive(Clone, Debug, Default)]
pub struct Sent(Arc<Mutex<Vec<String>>>);

impl Sent {
    /// All of them so far.
    #[must_use]
    pub fn all(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn note(&self, command: String) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(command);
    }
}

/// A client whose commands are noted.
///
/// # Errors
///
/// The URL isn't one of MongoDB.
pub async fn client(url: &str) -> Result<(Client, Sent)> {
    let mut options = ClientOptions::parse(url).await?;
    let sent = Sent::default();
    let noted = sent.clone();
    options.command_event_handler = Some(EventHandler::callback(move |event| {
        if let CommandEvent::Started(started) = event {
            noted.note(started.command_name);
        }
    }));
    Ok((Client::with_options(options)?, sent))
}
