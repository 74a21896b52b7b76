//! Probes: they watch futures and threads from outside, and change nothing of what these do.
//!
//! - [`drops`]: a drop counter: which futures were made, polled, finished or dropped, and when
//! - [`heartbeat`]: a sibling task whose beats show whether the runtime's thread is free
//! - [`threads`]: records which threads polled which futures, and how many of them at the same moment

pub mod drops;
pub mod heartbeat;
pub(crate) mod lifecycle;
pub mod threads;
