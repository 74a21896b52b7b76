//! Runs the pages' scripts in Node.js, for tests which compare them with the Rust code that they stand in for.

use std::{
    env,
    io::{self, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use serde::{Serialize, de::DeserializeOwned};

/// What `function`, an expression in JavaScript, makes of each of the inputs, with these scripts of `theme` loaded.
///
/// `None` where there is no Node.js, unless `CI` is set: there, a test that tests nothing must not pass.
///
/// # Panics
///
/// The scripts or the function fail.
pub(crate) fn map<I: Serialize, O: DeserializeOwned>(
    scripts: &[&str],
    function: &str,
    inputs: &[I],
) -> Option<Vec<O>> {
    const PROGRAM: &str = r#"
        const { readFileSync: read, writeFileSync: write } = require("node:fs");
        const { runInThisContext: run } = require("node:vm");
        const [f, ...scripts] = process.argv.slice(1);
        scripts.forEach((script) => run(read(script, "utf8"), script));
        write(1, JSON.stringify(JSON.parse(read(0, "utf8")).map((input) => run(f)(input))));
    "#;
    let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("theme");
    let node = Command::new("node")
        .args(["-e", PROGRAM, "--", function])
        .args(scripts.iter().map(|script| theme.join(script)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut node = match node {
        Err(error) if error.kind() == io::ErrorKind::NotFound && env::var_os("CI").is_none() => {
            // Written past the test harness, which keeps what a test prints to itself when it passes.
            let words = "SKIPPED: there is no `node` here to run the scripts of the pages";
            writeln!(io::stderr(), "{words}").expect("standard error is open");
            return None;
        }
        node => node.expect("CI is set, and so Node.js has to be there"),
    };
    let inputs = serde_json::to_vec(inputs).expect("the inputs are plain data");
    // It reads all of its input before it writes anything, so that neither waits for the other.
    let mut stdin = node.stdin.take().expect("it is piped");
    stdin.write_all(&inputs).expect("it reads its input");
    drop(stdin);
    let output = node.wait_with_output().expect("it was started");
    assert!(output.status.success(), "{scripts:?} failed");
    Some(serde_json::from_slice(&output.stdout).expect("the function returns what is asked for"))
}
