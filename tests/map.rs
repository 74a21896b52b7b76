//! The maps that readers are given agree with what is there.

use std::{collections::BTreeSet, fs, path::Path};

use workbook::course::Course;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn the_maps_of_the_libraries_name_every_module_once() {
    for library in [
        "src/lib.rs",
        "real-services/lib.rs",
        "benches/lib.rs",
        "benches/suite/lib.rs",
        "src/probes.rs",
        "src/services.rs",
        "workbook/src/lib.rs",
    ] {
        let lib = read(library);
        let mapped: Vec<&str> = lib
            .lines()
            .filter_map(|line| line.strip_prefix("//! - [`")?.split('`').next())
            // Where a crate has the same name, rustdoc wants to be told which is meant.
            .map(|name| name.trim_start_matches("mod@"))
            .collect();
        let modules: BTreeSet<&str> = lib
            .lines()
            .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
            .collect();
        assert_eq!(
            mapped.iter().copied().collect::<BTreeSet<_>>(),
            modules,
            "{library}"
        );
        assert_eq!(
            mapped.len(),
            modules.len(),
            "{library} names a module twice"
        );
    }
}

#[test]
fn every_path_that_the_readme_maps_exists() {
    let readme = read("README.md");
    let map = readme
        .split("## Where things are")
        .nth(1)
        .expect("the README has a map");
    let mut count = 0;
    for line in map.lines().filter(|line| line.starts_with("| `")) {
        let path = line.split('`').nth(1).expect("the first cell is a path");
        let path = path.replace("NN_slug", "03_gather");
        // It comes with the learner's first start.
        if path != ".workbook" {
            assert!(root().join(&path).exists(), "{path} is in the README's map");
        }
        count += 1;
    }
    assert!(count > 8, "the map was not found");
}

/// Each path in ARCHITECTURE.md exists, and each folder of the repository that holds code has a room.
#[test]
fn the_architecture_has_a_room_for_every_folder() {
    let text = read("ARCHITECTURE.md");
    let section = text.split("## The rooms").nth(1);
    let section = section.and_then(|section| section.split("\n## ").next());
    let rooms: BTreeSet<&str> = section
        .expect("ARCHITECTURE.md has a map")
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    for room in &rooms {
        assert!(
            root().join(room).is_dir(),
            "{room} is in ARCHITECTURE.md's map"
        );
    }
    let members = read("Cargo.toml");
    let members = members
        .lines()
        .find_map(|line| line.strip_prefix("members = ["));
    for member in members
        .expect("the workspace has members")
        .split('"')
        .skip(1)
        .step_by(2)
    {
        let room = member.trim_end_matches("/*");
        assert!(
            room == "." || rooms.contains(room),
            "{room} has no room in ARCHITECTURE.md"
        );
    }
    for entry in fs::read_dir(root()).expect("the folder can be read") {
        let name = entry.expect("the folder can be read").file_name();
        let name = name.to_string_lossy();
        let is_kept = root().join(&*name).is_dir() && !name.starts_with('.') && name != "target";
        assert!(
            !is_kept || rooms.contains(&*name),
            "{name} has no room in ARCHITECTURE.md"
        );
    }
}

/// What is between backticks and has a slash is a path, from the root or from the folder of the workbook's sources.
#[test]
fn every_path_in_the_architecture_exists() {
    let text = read("ARCHITECTURE.md");
    let paths = text.split('`').skip(1).step_by(2).filter(|code| {
        let is_path = code.contains('/') && !code.contains([' ', ':', '(', '!']);
        is_path && !code.contains("NN")
    });
    let mut count = 0;
    for path in paths {
        let from_sources = root().join("workbook/src").join(path);
        assert!(
            root().join(path).exists() || from_sources.exists(),
            "{path} is in ARCHITECTURE.md"
        );
        count += 1;
    }
    assert!(count > 15, "the paths were not found");
}

#[test]
fn the_readme_lists_the_chapters_that_there_are() {
    let readme = read("README.md");
    let section = readme
        .split("## The chapters")
        .nth(1)
        .expect("the README lists them");
    let section = section.split("\n## ").next().unwrap_or_default();
    let listed: Vec<&str> = section
        .lines()
        .filter(|line| {
            line.starts_with("| 0") || line.starts_with("| 1") || line.starts_with("| 2")
        })
        .collect();
    let course = Course::open(root()).expect("this is the workbook");
    let chapters: Vec<String> = course
        .chapters()
        .iter()
        .map(|chapter| {
            format!(
                "| {} {} | {} |",
                chapter.number(),
                chapter.title,
                chapter.idea
            )
        })
        .collect();
    assert_eq!(listed, chapters);
}

/// What the README shows is what the lesson prints.
#[test]
fn the_timelines_in_the_readme_are_those_of_the_lesson() {
    let readme = read("README.md");
    let printed = read("tests/snapshots/lessons__03_gather.snap");
    let block = readme
        .split("```text\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("the README has a timeline");
    for timeline in block.trim_end().split("\n\n") {
        assert!(
            printed.contains(timeline),
            "not what it prints:\n{timeline}"
        );
    }
}

/// The commands that the README shows are those that `.ci/run` runs.
#[test]
fn the_gate_runs_what_the_readme_says() {
    let gate = read(".ci/run").replace(" --locked", "");
    // Some of them begin as others do: what counts are whole commands.
    let runs = |command: &str| {
        gate.lines().any(|line| {
            let line = line.trim_start().trim_start_matches("graded=$(");
            line == command
                || line.starts_with(&format!("{command} -"))
                || line.starts_with(&format!("{command} 2>"))
        })
    };
    for command in [
        "cargo run",
        "cargo test",
        "cargo test -p exercises",
        "cargo run -p book",
        "cargo bench",
    ] {
        assert!(read("README.md").contains(command), "README.md: {command}");
        assert!(runs(command), ".ci/run: {command}");
    }
}
