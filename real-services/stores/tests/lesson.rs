//! What the program prints on the virtual clock is what the page of chapter 14 shows of it.

use std::{env, fs, path::Path, process::Command};

use real_servers::Store;

#[test]
fn the_lesson_prints_exact_figures_on_the_virtual_clock() {
    let needed = [Store::PostgreSql, Store::MariaDb];
    if let Some(missing) = needed.into_iter().find(|store| store.find().is_none()) {
        assert!(env::var_os("CI").is_none(), "{}", missing.missing());
        println!("skipped: {}", missing.missing());
        return;
    }
    let output = Command::new(env!("CARGO_BIN_EXE_stores"))
        .env("WORKBOOK_CLOCK", "virtual")
        .output()
        .expect("it was just built");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let printed = String::from_utf8(output.stdout).expect("it prints UTF-8");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("printed.txt");
    if env::var_os("UPDATE_PRINTED").is_some() {
        fs::write(&file, &printed).expect("the clone can be written");
    }
    let recorded = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(printed, recorded, "if it's right: UPDATE_PRINTED=1");
}
