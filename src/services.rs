//! Simulated services: what lessons and exercises call instead of somebody's real one.
//!
//! Each records how it was called, so that a test can prove it.
//!
//! - [`upstream`]: a remote service that counts, delays, fails and holds back its answers
//! - [`mailer`]: a mailer that takes its time, fails, and remembers what it sent
//! - [`bank`]: a bank that moves money in sessions, each of which has to be closed
//! - [`secret`]: a secret that counts how much of it a comparison looks at
//! - [`key_value`]: a store whose values expire, as Redis is one, and which can go down
//! - [`cpu_work`]: a synchronous library whose calls keep the thread, as computing does
//! - [`leases`]: gives out leases that have to be handed back
//! - [`log_file`]: a log on a slow disk, whose synchronous calls block until the disk ends them
//! - [`server`]: a server with so many workers, to put under load
//! - [`shop`]: looks orders and customers up, one at a time or many at once, and counts what that costs
//! - [`workload`]: a load and what serves it, to compute with

pub mod bank;
pub mod cpu_work;
pub mod key_value;
pub mod leases;
pub mod log_file;
pub mod mailer;
mod precompiled;
pub mod secret;
pub mod server;
pub mod shop;
pub mod upstream;
pub mod workload;
