//! What cargo tells a program that it runs. `benches/main.rs` is that program as well, and has this file as a module.

use std::{env, process::Command};

/// Takes out of a command's environment what cargo told this program about its own package, which is
/// not true of the next one. What users set for cargo stays.
pub fn forget_outer_cargo(command: &mut Command) {
    const SET_BY_CARGO: [&str; 6] = [
        "CARGO_BIN_NAME",
        "CARGO_CRATE_NAME",
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_PRIMARY_PACKAGE",
        "CARGO_TARGET_TMPDIR",
    ];
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let by_prefix = text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_BIN_EXE_");
        if by_prefix || SET_BY_CARGO.contains(&&*text) {
            command.env_remove(&name);
        }
    }
}
