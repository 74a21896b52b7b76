//! Servers of databases: which of them this machine has, and private ones for a test or a lesson.
//!
//! A server that the environment names is used as it is. Otherwise, if its programs are installed, [`Server::start`] runs
//! one in a folder of its own. It listens on a Unix socket in that folder and on no port, so it's in
//! nobody's way. When it's dropped, it ends, and its folder goes. It also does if this process is killed.
//!
//! ```no_run
//! use real_servers::{Server, Store};
//!
//! # fn main() -> std::io::Result<()> {
//! // Prints a line if there's none. Where `CI` is set, that's an error.
//! let Some(server) = Server::of(Store::PostgreSql)? else { return Ok(()) };
//! println!("it listens at {}", server.url());
//! # Ok(())
//! # }
//! ```

mod found;
#[cfg(unix)]
mod mariadb;
#[cfg(unix)]
mod postgresql;
#[cfg(unix)]
mod private;
#[cfg(unix)]
mod redis;

use std::{env, io};

pub use found::{Found, Store};

/// A server to connect to.
#[derive(Debug)]
#[must_use = "a private server ends when this is dropped"]
pub struct Server {
    url: String,
    #[cfg(unix)]
    _private: Option<private::Private>,
}

impl Server {
    /// The server that the environment names, or a private one.
    ///
    /// If there is neither, this prints a line that says what to do. Where `CI` is set, nothing may be skipped, so then it's
    /// an error.
    ///
    /// # Errors
    ///
    /// The server can't be started, or there's none and `CI` is set.
    pub fn of(store: Store) -> io::Result<Option<Self>> {
        match store.find() {
            Some(found) => Self::start(store, found).map(Some),
            None if env::var_os("CI").is_some() => Err(io::Error::other(store.missing())),
            None => {
                println!("skipped: {}", store.missing());
                Ok(None)
            }
        }
    }

    /// Starts a private server with these programs, or takes the one with this URL.
    ///
    /// # Errors
    ///
    /// The server can't be started. The error has what it said last.
    pub fn start(store: Store, found: Found) -> io::Result<Self> {
        match found {
            Found::Url(url) => Ok(Self {
                url,
                #[cfg(unix)]
                _private: None,
            }),
            #[cfg(unix)]
            Found::Programs(programs) => {
                let (url, private) = match store {
                    Store::PostgreSql => postgresql::start(&programs)?,
                    Store::MariaDb => mariadb::start(&programs)?,
                    Store::Redis => redis::start(&programs)?,
                };
                Ok(Self {
                    url,
                    _private: Some(private),
                })
            }
            #[cfg(not(unix))]
            Found::Programs(_) => Err(io::Error::other(store.missing())),
        }
    }

    /// How to connect to it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}
