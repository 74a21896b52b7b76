//! A private MariaDB.

use std::{io, os::unix::net::UnixStream, path::Path};

use crate::private::{Home, Private};

/// Starts it, and returns its URL.
pub(crate) fn start(programs: &Path) -> io::Result<(String, Private)> {
    let home = Home::new("mariadb")?;
    let install = which::which("mariadb-install-db").map_err(io::Error::other)?;
    let server = programs.join("mariadbd");
    let data = home.prepare(&server, &install, |data, install| {
        install.arg("--no-defaults");
        install.arg(format!("--datadir={}", data.display()));
        install.args(["--auth-root-authentication-method=normal", "--skip-test-db"]);
    })?;
    let socket = home.path().join("socket");
    let arguments = [
        "--no-defaults",
        "--skip-networking",
        // Else a hundred connections at once are too many for its queue, and some are refused.
        "--back-log=300",
        "--max-connections=200",
        "--innodb-flush-log-at-trx-commit=0",
        &format!("--datadir={}", data.display()),
        &format!("--socket={}", socket.display()),
        &format!("--pid-file={}", home.path().join("pid").display()),
    ];
    // Nothing of it is needed any more, and a gentler signal gets lost if it comes just after the start.
    let server = home.start(&server, &arguments, "KILL", |folder| {
        UnixStream::connect(folder.join("socket")).is_ok()
    })?;
    Ok((
        format!("mysql://root@localhost/mysql?socket={}", socket.display()),
        server,
    ))
}
