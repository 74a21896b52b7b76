//! The figures that pages and questions quote from the table of speedups are those of the table.

const TABLE: &str = include_str!("../speedups/table.md");

/// The figure of a way, as the table has it: `37.5 ms`.
fn measured(scenario: &str, way: &str) -> String {
    let (_, rows) = TABLE
        .split_once(scenario)
        .expect("the table has this scenario");
    let row = rows
        .lines()
        .find_map(|line| line.strip_prefix(&format!("| {way} | ")))
        .expect("the scenario has this way");
    let row = row.replace('\u{a0}', " ");
    let (figure, _) = row.split_once(" ±").expect("it was measured");
    figure.to_owned()
}

#[test]
fn files_took_as_long_as_the_table_says() {
    let files = "**08 1,000 files of 4 KiB**";
    for text in [
        include_str!("../src/08_blocking.md"),
        include_str!("../src/corrections.md"),
        include_str!("../../quiz/08_blocking.toml"),
    ] {
        let text = text.replace('\n', " ");
        for way in ["tokio::fs", "one spawn_blocking"] {
            let figure = measured(files, way);
            assert!(text.contains(&figure), "{way}: {figure}");
        }
    }
}
