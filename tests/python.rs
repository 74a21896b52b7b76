//! The Python programs that the book shows run, and print what the lessons do.

use std::{path::Path, process::Command};

use workbook::course::Course;

#[test]
fn every_python_program_prints_exact_figures_on_the_virtual_clock() {
    // On Windows, `python3` may be there and do nothing but name a shop.
    let version = Command::new("python3").arg("--version").output();
    if !version.is_ok_and(|output| output.status.success()) {
        assert!(std::env::var_os("CI").is_none(), "CI has python3");
        eprintln!("skipped: no python3 on this machine");
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let course = Course::open(root).expect("this is the workbook");
    for chapter in course.chapters() {
        let slug = chapter.slug.as_str();
        let program = root.join("book/python").join(format!("{slug}.py"));
        let output = Command::new("python3")
            .arg(&program)
            .env("WORKBOOK_CLOCK", "virtual")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONUTF8", "1")
            .output()
            .expect("python3 answered just now");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", program.display());
        let printed = String::from_utf8(output.stdout).expect("the programs print UTF-8");
        insta::assert_snapshot!(slug, printed, slug);
    }
}
