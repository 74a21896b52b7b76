//! Private servers end with whoever started them, and leave nothing behind.
#![cfg(unix)]

use std::{
    env,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use real_servers::{Found, Server, Store};

/// Those that can be started here, on a socket in their folder.
fn startable() -> impl Iterator<Item = (Store, Found)> {
    let stores = [Store::PostgreSql, Store::MariaDb, Store::Redis].into_iter();
    stores.filter_map(|store| match store.find() {
        Some(Found::Programs(programs)) => Some((store, Found::Programs(programs))),
        Some(Found::Url(_)) => None,
        None => {
            assert!(env::var_os("CI").is_none(), "{}", store.missing());
            println!("skipped: {}", store.missing());
            None
        }
    })
}

/// The folder that a URL names.
fn folder(url: &str) -> PathBuf {
    let temporary = env::temp_dir().display().to_string();
    let start = url.find(&temporary).expect("it is a temporary folder");
    let path = Path::new(&url[start..]);
    let is_of_a_server = |folder: &&Path| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("workbook-")
    };
    path.ancestors()
        .find(is_of_a_server)
        .expect("it has one")
        .to_path_buf()
}

#[test]
fn a_dropped_server_has_ended_and_its_folder_is_gone() {
    for (store, found) in startable() {
        let started = Instant::now();
        let server = Server::start(store, found).expect("it starts");
        let folder = folder(server.url());
        assert!(folder.is_dir(), "{}", folder.display());
        let up = started.elapsed();
        let stopped = Instant::now();
        drop(server);
        println!("{store}: {up:?} to start, {:?} to stop", stopped.elapsed());
        assert!(!folder.exists(), "{} is left", folder.display());
    }
}

/// Not a test: what the next one kills.
#[test]
#[ignore = "the next test runs it"]
fn a_server_that_waits_to_be_killed() {
    let (store, found) = startable().last().expect("there is one");
    let server = Server::start(store, found).expect("it starts");
    println!("url={}", server.url());
    loop {
        std::thread::park();
    }
}

#[test]
fn a_server_goes_even_if_its_process_is_killed() {
    if startable().next().is_none() {
        return;
    }
    let mut process = Command::new(env::current_exe().expect("it runs"))
        .args([
            "--exact",
            "a_server_that_waits_to_be_killed",
            "--ignored",
            "--nocapture",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
    let url = lines
        .map_while(Result::ok)
        .find_map(|line| Some(line.split_once("url=")?.1.to_owned()));
    let folder = folder(&url.expect("it says where it is"));
    assert!(folder.is_dir());
    process.kill().expect("it runs");
    process.wait().expect("it ran");
    let killed = Instant::now();
    while folder.exists() {
        // However slow the machine is.
        assert!(
            killed.elapsed() < Duration::from_secs(120),
            "it is still there"
        );
        nap();
    }
}

#[expect(clippy::disallowed_methods, reason = "no async code is at work here")]
fn nap() {
    std::thread::sleep(Duration::from_millis(5));
}
