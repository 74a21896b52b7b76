//! Probes: they watch futures and threads from outside, and change nothing of what these do.
//!
//! - [`drops`]: a drop counter: which futures were made, polled, finished or dropped, and when
//! - [`heartbeat`]: a sibling task whose beats show whether the runtime's thread is free
//! - [`rest`]: whether the runtime rests when there is nothing to do: no task polls, and no job keeps a thread
//! - [`schedules`]: runs futures in every order in which an executor could poll them
//! - [`threads`]: records which threads polled which futures, and how many of them at the same moment
//! - [`waits`]: counts how often a thread has waited
//! - [`woken`]: polls a future only when it was woken
//! - [`yields`]: makes a future yield at each await of something of tokio's

pub mod drops;
pub mod heartbeat;
pub(crate) mod lifecycle;
pub mod rest;
pub mod schedules;
pub mod threads;
pub mod waits;
pub mod woken;
pub mod yields;
