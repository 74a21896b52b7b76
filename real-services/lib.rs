//! Real services, for lessons and exercises that a simulation would not serve: HTTP on loopback.
//!
//! - [`http`]: the simulated service behind real HTTP, on loopback
//! - [`accepts`]: counts the connections that a server accepts
//!
//! They are a crate of their own, so that an exercise which needs none of them is built and linked without them,
//! at every save. So is the database, `real_database`.

pub mod accepts;
pub mod http;
