//! A private Redis.

use std::{io, os::unix::net::UnixStream, path::Path};

use crate::private::{Home, Private};

/// Starts it, and returns its URL.
pub(crate) fn start(programs: &Path) -> io::Result<(String, Private)> {
    let home = Home::new("redis")?;
    let socket = home.path().join("socket").display().to_string();
    let arguments = [
        "--port",
        "0",
        "--unixsocket",
        &socket,
        "--save",
        "",
        "--appendonly",
        "no",
    ];
    let server = home.start(
        &programs.join("redis-server"),
        &arguments,
        "TERM",
        |folder| UnixStream::connect(folder.join("socket")).is_ok(),
    )?;
    Ok((format!("redis+unix://{socket}"), server))
}
