//! What the page for readers who come from Python shows, and what it says of it.

mod cancelling;
mod service;
mod tasks;
