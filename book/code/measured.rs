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

#[test]
fn the_page_on_performance_has_the_figures_of_the_table() {
    let page = include_str!("../src/18_performance.md");
    let rows = [
        ("01 3 calls of 1 s", &["awaited one by one", "joined"][..]),
        ("03 0.5, 0.3 and 0.2 s", &["sequential", "concurrent"]),
        ("03 0.5, 0.3 and 0.4 s", &["concurrent"]),
        (
            "03 5 calls of 100 ms over HTTP",
            &["sequential", "concurrent"],
        ),
        ("03 10 calls of 1 s", &["sequential", "concurrent"]),
        (
            "03 10 requests of 2 s over HTTP",
            &["sequential", "concurrent"],
        ),
        ("06 100 calls of 100 ms", &["limit 10"]),
        (
            "06 100 requests of 500 ms over HTTP",
            &["limit 1", "limit 100"],
        ),
        (
            "18 100 queries of 10 ms",
            &["pool of 20", "pool of 1", "pool of 50", "pool of 100"],
        ),
    ];
    for (scenario, ways) in rows {
        for way in ways {
            let figure = measured(&format!("**{scenario}"), way);
            assert!(page.contains(&figure), "{scenario}, {way}: {figure}");
        }
    }
}

#[test]
fn the_page_on_performance_has_the_cost_of_many_waits() {
    let page = include_str!("../src/18_performance.md");
    let (_, growth) = TABLE
        .split_once("| waits at once |")
        .expect("there's a table of growth");
    // Of 10,000 waits, and of 100,000.
    for (way, column) in [("threads", 3), ("JoinSet", 3), ("JoinSet", 4)] {
        let row = growth
            .lines()
            .find_map(|line| line.strip_prefix(&format!("| {way} | ")))
            .expect("the table has this way");
        let cell = row
            .split(" | ")
            .nth(column)
            .expect("the row has this column");
        let cell = cell.replace('\u{a0}', " ").replace(" |", "");
        let (factor, memory) = cell.split_once(", ").expect("it was measured");
        let [factor, memory] = [format!("{factor} times"), format!(", {memory} |")];
        let row = page
            .lines()
            .find(|line| line.contains(&factor) && line.contains(&memory));
        assert!(row.is_some(), "{way}: {factor}{memory}");
    }
}
