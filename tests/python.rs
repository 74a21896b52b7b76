//! The Python programs that the book shows run, and print what the lessons do.

use std::{io, path::Path, process::Command};

use async_workbook::course::Course;

#[test]
fn every_python_program_prints_exact_figures_on_the_virtual_clock() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let course = Course::open(root).expect("this is the workbook");
    for chapter in course.chapters() {
        let slug = chapter.slug.as_str();
        let program = root.join("book/python").join(format!("{slug}.py"));
        let output = match Command::new("python3")
            .arg(&program)
            .env("WORKBOOK_CLOCK", "virtual")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .output()
        {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                assert!(std::env::var_os("CI").is_none(), "CI has python3");
                eprintln!("skipped: no python3 on this machine");
                return;
            }
            output => output.expect("python3 can be started"),
        };
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", program.display());
        let printed = String::from_utf8(output.stdout).expect("the programs print UTF-8");
        insta::assert_snapshot!(slug, printed, slug);
    }
}
