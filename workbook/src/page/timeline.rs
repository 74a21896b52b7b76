//! `{{#timeline SLUG N}}`: a timeline or gauge that a lesson draws; `{{#timeline SLUG N axis M}}`, along the axis of
//! another.

use std::{fs, path::Path, time::Duration};

use async_workbook::timeline::Drawing;

/// The N-th timeline, counted from 1, that lesson SLUG draws on the virtual clock, and how long an axis it wants;
/// `argument` names both, as `03_gather 2`, and the one whose axis it is to share, as `03_gather 2 axis 1`. Gauges
/// count as timelines. What the lessons drew last is kept by their tests, in `tests/snapshots`, below the root of the
/// workbook.
///
/// # Errors
///
/// That lesson draws none, or not so many.
pub fn timeline(root: &Path, argument: &str) -> Result<(Drawing, Duration), String> {
    let expected =
        || "it needs a lesson and a number, as in `03_gather 2` or `03_gather 2 axis 1`".to_owned();
    let words: Vec<&str> = argument.split_whitespace().collect();
    let (slug, number, axis) = match words[..] {
        [slug, number] => (slug, number, number),
        [slug, number, "axis", axis] => (slug, number, axis),
        _ => return Err(expected()),
    };
    let number: usize = number.parse().map_err(|_| expected())?;
    let axis: usize = axis.parse().map_err(|_| expected())?;

    let file = format!("tests/snapshots/timelines__{slug}.snap");
    let text = fs::read_to_string(root.join(&file))
        .map_err(|error| format!("cannot read {file}: {error}"))?;
    // Above the second `---` insta says where a snapshot comes from.
    let content = text.splitn(3, "---\n").nth(2).unwrap_or_default();
    let drawn: Vec<Drawing> = serde_json::Deserializer::from_str(content)
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(|error| format!("cannot understand {file}: {error}"))?;
    let count = drawn.len();
    let find = |number: usize| {
        let found = number.checked_sub(1).and_then(|index| drawn.get(index));
        found.ok_or_else(|| format!("{slug} draws {count} timelines, and {number} is none of them"))
    };
    Ok((find(number)?.clone(), find(axis)?.total()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(argument: &str) -> Result<(Drawing, Duration), String> {
        timeline(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")),
            argument,
        )
    }

    #[test]
    fn the_first_timeline_of_a_lesson_is_number_1() {
        let (gathered, axis) = found("03_gather 2").expect("it is the second");
        assert_eq!(axis, gathered.total());
        let Drawing::Timeline(gathered) = gathered else {
            panic!("{gathered:?}");
        };
        let labels: Vec<&str> = gathered.rows.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(labels, ["users", "posts", "comments"]);
        assert_eq!(gathered.total.as_millis(), 500);
    }

    #[test]
    fn it_can_share_the_axis_of_another() {
        let (gathered, axis) = found("03_gather 2 axis 1").expect("both are there");
        assert_eq!(
            (gathered.total().as_millis(), axis.as_millis()),
            (500, 1000)
        );
    }

    #[test]
    fn gauges_are_counted_as_timelines() {
        let (limited, _) = found("06_semaphores 2").expect("it is the second");
        assert!(matches!(&limited, Drawing::Gauge(gauge) if gauge.most() == 10));
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        for (missing, reason) in [
            ("03_gather", "it needs a lesson and a number"),
            ("03_gather two", "it needs a lesson and a number"),
            ("03_gather 2 beside 1", "it needs a lesson and a number"),
            (
                "03_gather 2 axis 9",
                "03_gather draws 4 timelines, and 9 is none",
            ),
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
