//! What ran in hidden tests, and where a verdict was found.

use async_workbook::{timeline::Row, verdict::Picture};
use serde::{Deserialize, Serialize};

/// A scenario of a hidden test. The same task has the same scenes, whatever the answer.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// The test's position in its task.
    pub test: usize,
    /// The position of the scenario in the test.
    pub scenario: usize,
}

/// What ran in the scenes of a task whose hidden tests were content.
#[derive(Clone, Debug, Default)]
pub struct Pictures(Vec<(Scene, Picture)>);

impl Pictures {
    /// Adds those of a test, one for each of its scenarios.
    pub fn add(&mut self, test: usize, pictures: &[Picture]) {
        let scenes = (0..).map(|scenario| Scene { test, scenario });
        let pictures = scenes.zip(pictures.iter().cloned());
        self.0
            .extend(pictures.filter(|(_, picture)| !picture.is_empty()));
    }

    /// The picture of a scene.
    #[must_use]
    pub fn of(&self, scene: Scene) -> Option<&Picture> {
        let mut pictures = self.0.iter();
        pictures.find_map(|(of, picture)| (*of == scene).then_some(picture))
    }

    /// The picture that says most of the task: the first that can be taken in at a glance, or else the first with
    /// something to compare, or else the first.
    #[must_use]
    pub fn telling(&self) -> Option<&Picture> {
        let pictures = || self.0.iter().map(|(_, picture)| picture);
        pictures()
            .find(|picture| is_clear(picture))
            .or_else(|| pictures().find(|picture| compares(picture)))
            .or_else(|| pictures().next())
    }
}

fn compares(picture: &Picture) -> bool {
    let timeline = &picture.timeline;
    picture.drawing.is_some() || timeline.rows.len() > 1 && !timeline.total.is_zero()
}

/// Whether all of it can be seen: few rows, no bar too short for its axis, and no moment beside it. A
/// single bar will do if a moment is marked on it.
fn is_clear(picture: &Picture) -> bool {
    /// How many rows are taken in at a glance.
    const ROWS: usize = 8;
    /// A bar that is shorter than this part of the axis is but a dot.
    const PART: u32 = 20;
    let timeline = &picture.timeline;
    let is_long = |row: &Row| {
        let took = row.ended.unwrap_or(timeline.total).checked_sub(row.created);
        took.is_some_and(|took| took >= timeline.total / PART)
    };
    let marks = !timeline.rows.is_empty() && !timeline.moments.is_empty();
    (compares(picture) || marks)
        && timeline.rows.len() <= ROWS
        && timeline.left_out == 0
        && timeline.rows.iter().all(is_long)
        && timeline
            .moments
            .iter()
            .all(|moment| moment.at <= timeline.total)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use async_workbook::timeline::{End, Timeline};

    use super::*;

    fn picture(rows: usize) -> Picture {
        let row = Row {
            label: "page".into(),
            depth: 0,
            created: Duration::ZERO,
            started: Some(Duration::ZERO),
            ended: Some(Duration::from_secs(1)),
            busy: Vec::new(),
            end: End::Finished,
        };
        Picture::of(&Timeline {
            rows: vec![row; rows],
            left_out: 0,
            total: Duration::from_secs(1),
            ..Timeline::default()
        })
    }

    #[test]
    fn a_picture_is_found_by_its_scene() {
        let mut pictures = Pictures::default();
        assert_eq!(pictures.telling(), None);
        pictures.add(0, &[picture(0), picture(1)]);
        assert_eq!(pictures.telling(), Some(&picture(1)), "there is no other");
        pictures.add(2, &[picture(3), picture(2)]);
        assert_eq!(pictures.telling(), Some(&picture(3)));
        let at = |test, scenario| pictures.of(Scene { test, scenario });
        assert_eq!(at(2, 1), Some(&picture(2)));
        assert_eq!(at(0, 0), None, "nothing is on it");
        assert_eq!(at(1, 0), None, "there is no such test");
    }

    #[test]
    fn the_picture_that_tells_most_is_one_that_can_be_seen_at_once() {
        let mut far = picture(2);
        far.timeline.total = Duration::from_secs(7200);
        let mut pictures = Pictures::default();
        pictures.add(0, &[far.clone(), picture(9)]);
        assert_eq!(pictures.telling(), Some(&far), "none is clear");
        pictures.add(1, &[picture(2)]);
        assert_eq!(pictures.telling(), Some(&picture(2)));
    }
}
