//! Real services, for lessons and exercises that a simulation would not serve: HTTP on loopback, and SQLite.
//!
//! - [`http`]: the simulated service behind real HTTP, on loopback
//! - [`accepts`]: counts the connections that a server accepts
//! - [`database`]: a real SQLite file that counts its connections, and goes when it is dropped
//!
//! They are a crate of their own, so that an exercise which needs none of them is built and linked without them,
//! at every save.

#[cfg(feature = "http")]
pub mod accepts;
#[cfg(feature = "database")]
pub mod database;
#[cfg(feature = "http")]
pub mod http;
