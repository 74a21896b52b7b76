//! `{{#timeline SLUG N}}`: a timeline that a lesson draws.

use std::{fs, path::Path};

use async_workbook::timeline::Timeline;

/// The N-th timeline, counted from 1, that lesson SLUG draws on the virtual clock; `argument` names both, as
/// `03_gather 2`. What the lessons drew last is kept by their tests, in `tests/snapshots`, below the root
/// of the workbook.
///
/// # Errors
///
/// That lesson draws none, or not so many.
pub fn timeline(root: &Path, argument: &str) -> Result<Timeline, String> {
    let expected = || "it needs a lesson and a number, as in `03_gather 2`".to_owned();
    let (slug, number) = argument.split_once(' ').ok_or_else(expected)?;
    let number: usize = number.trim().parse().map_err(|_| expected())?;

    let file = format!("tests/snapshots/timelines__{slug}.snap");
    let text = fs::read_to_string(root.join(&file))
        .map_err(|error| format!("cannot read {file}: {error}"))?;
    // Above the second `---` insta says where a snapshot comes from.
    let content = text.splitn(3, "---\n").nth(2).unwrap_or_default();
    let drawn: Vec<Timeline> = serde_json::Deserializer::from_str(content)
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(|error| format!("cannot understand {file}: {error}"))?;
    let count = drawn.len();
    let timeline = number
        .checked_sub(1)
        .and_then(|index| drawn.into_iter().nth(index));
    timeline.ok_or_else(|| format!("{slug} draws {count} timelines, and {number} is none of them"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(argument: &str) -> Result<Timeline, String> {
        timeline(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")),
            argument,
        )
    }

    #[test]
    fn the_first_timeline_of_a_lesson_is_number_1() {
        let gathered = found("03_gather 2").expect("it is the second");
        let labels: Vec<&str> = gathered.rows.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(labels, ["users", "posts", "comments"]);
        assert_eq!(gathered.total.as_millis(), 500);
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        for (missing, reason) in [
            ("03_gather", "it needs a lesson and a number"),
            ("03_gather two", "it needs a lesson and a number"),
            (
                "99_none 1",
                "cannot read tests/snapshots/timelines__99_none.snap",
            ),
            ("03_gather 0", "03_gather draws 4 timelines, and 0 is none"),
            ("03_gather 5", "03_gather draws 4 timelines, and 5 is none"),
        ] {
            let error = found(missing).expect_err(missing);
            assert!(error.starts_with(reason), "{missing}: {error}");
        }
    }
}
