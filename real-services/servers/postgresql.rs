//! A private PostgreSQL.

use std::{fs, io, path::Path};

use crate::private::{Home, Private};

/// Starts it, and returns its URL.
pub(crate) fn start(programs: &Path) -> io::Result<(String, Private)> {
    let home = Home::new("postgresql")?;
    let data = home.prepare(
        &programs.join("postgres"),
        &programs.join("initdb"),
        |data, initdb| {
            initdb
                .arg("-D")
                .arg(data)
                .args(["-U", "workbook", "-A", "trust"]);
            initdb.args(["-E", "UTF8", "--no-locale", "--no-sync"]);
        },
    )?;
    let (data, folder) = (
        data.display().to_string(),
        home.path().display().to_string(),
    );
    let arguments = [
        "-D",
        &data,
        "-k",
        &folder,
        "-c",
        "listen_addresses=",
        // Its data needn't outlive a power failure.
        "-c",
        "fsync=off",
        "-c",
        "max_connections=120",
    ];
    // With SIGINT, it ends at once, and whoever is connected is cut off.
    let server = home.start(&programs.join("postgres"), &arguments, "INT", |folder| {
        let status = fs::read_to_string(folder.join("data/postmaster.pid"));
        // Its last line, once it's there, is `ready`, padded with spaces.
        status.is_ok_and(|status| {
            status
                .lines()
                .nth(7)
                .is_some_and(|line| line.trim_end() == "ready")
        })
    })?;
    let folder = server.path().display();
    Ok((
        format!("postgres://workbook@localhost/postgres?host={folder}"),
        server,
    ))
}
