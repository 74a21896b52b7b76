//! The Python programs that the book shows run, and print what the lessons do.

use std::{
    ffi::OsStr,
    path::Path,
    process::{Command, Output},
};

use workbook::course::Course;

#[test]
fn every_python_program_prints_exact_figures_on_the_virtual_clock() {
    if !python_is_there() {
        return;
    }
    let course = Course::open(root()).expect("this is the workbook");
    let chapters = course.chapters().iter();
    let mut names: Vec<&str> = chapters.map(|chapter| chapter.slug.as_str()).collect();
    // The program of a page that belongs to no chapter.
    names.push("from_python");
    for name in names {
        let program = root().join("book/python").join(format!("{name}.py"));
        let printed = String::from_utf8(python([&program]).stdout);
        insta::assert_snapshot!(name, printed.expect("the programs print UTF-8"), name);
    }
}

#[test]
fn what_needs_a_package_that_is_not_there_is_python_at_least() {
    if !python_is_there() {
        return;
    }
    let parse = "import ast, sys; ast.parse(open(sys.argv[1], encoding='utf-8').read())";
    for name in [
        "from_python_service",
        "12_http_clients_httpx",
        "16_testing_pytest",
    ] {
        let program = root().join(format!("book/python/{name}.py"));
        python([OsStr::new("-c"), OsStr::new(parse), program.as_os_str()]);
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn python_is_there() -> bool {
    // On Windows, `python3` may be there and do nothing but name a shop.
    let version = Command::new("python3").arg("--version").output();
    let there = version.is_ok_and(|output| output.status.success());
    if !there {
        assert!(std::env::var_os("CI").is_none(), "CI has python3");
        eprintln!("skipped: no python3 on this machine");
    }
    there
}

#[track_caller]
fn python<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Output {
    let output = Command::new("python3")
        .args(arguments)
        .env("WORKBOOK_CLOCK", "virtual")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUTF8", "1")
        .output()
        .expect("python3 answered just now");
    // An exception ends with the program and line that raised it.
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    output
}
