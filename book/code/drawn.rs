//! Keeps the timelines that pages show of these programs, beside those of the lessons.

use async_workbook::timeline::Timeline;

/// Compares these timelines with what `{{#timeline NAME N}}` draws; `INSTA_UPDATE=always` keeps them in its place.
pub(crate) fn keep(name: &str, timelines: &[Timeline]) {
    let lines = timelines.iter().map(|timeline| {
        let json = serde_json::to_string(timeline).expect("a timeline is plain data");
        // A row a line shows what differs.
        json.replace("},{\"label\"", "},\n{\"label\"") + "\n"
    });
    let lines: String = lines.collect();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!(format!("timelines__{name}"), lines, name));
}
