//! A private server that speaks MongoDB's protocol: `nx-27017`, a Python package that keeps documents in SQLite.

use std::{
    io,
    net::{TcpListener, TcpStream},
    path::Path,
};

use crate::private::{Home, Private};

/// Starts it, and returns its URL. It knows no Unix sockets, so it listens on a free port of loopback.
pub(crate) fn start(programs: &Path) -> io::Result<(String, Private)> {
    // It doesn't mind root, and its Python may be where nobody else can read.
    let home = Home::of_this_user("mongodb")?;
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let file = |name| home.path().join(name).display().to_string();
    let (log, pid, number) = (file("nx.log"), file("nx.pid"), port.to_string());
    let arguments = [
        "--db",
        "memory",
        "--host",
        "127.0.0.1",
        "--port",
        &number,
        "--log-file",
        &log,
        "--pid-file",
        &pid,
    ];
    let server = home.start(&programs.join("nx-27017"), &arguments, "TERM", |_| {
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    })?;
    Ok((format!("mongodb://127.0.0.1:{port}"), server))
}
