//! What ran in a hidden test, as the learner is shown it once the test is content.

use std::mem;

use serde::{Deserialize, Serialize};

use crate::{harness::Session, timeline::Timeline};

/// What ran in one scenario of a hidden test. A test that runs the code under study several times has as many.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Picture {
    /// What ran when, as far as it is drawn.
    pub timeline: Timeline,
    /// What ran, in lines of text, where a timeline cannot show it: each with a line break.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawing: Option<String>,
}

impl Picture {
    /// The picture of a recording. What would not be drawn of it is counted, not kept.
    #[must_use]
    pub fn of(timeline: &Timeline) -> Self {
        Self {
            timeline: timeline.as_drawn(),
            drawing: None,
        }
    }

    /// Whether nothing is on it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.timeline.rows.is_empty() && self.drawing.is_none()
    }
}

/// Shows what ran, where a timeline cannot, if the hidden test that runs is content in the end. What is shown first
/// stays: the first scenario is the simplest.
///
/// What a fault shows instead is [`Fault::drawn`](super::Fault::drawn).
pub fn show(drawing: impl FnOnce() -> String) {
    if let Some(session) = Session::current() {
        let mut shown = session.shown();
        if shown.is_empty() {
            *shown = drawing();
        }
    }
}

/// The pictures of a test that was content: of each scenario that was recorded, or of what was shown instead.
pub(super) fn pictures(scenarios: &[Timeline]) -> Vec<Picture> {
    let mut pictures: Vec<Picture> = scenarios.iter().map(Picture::of).collect();
    let shown = Session::current().map(|session| mem::take(&mut *session.shown()));
    if let Some(drawing) = shown.filter(|drawing| !drawing.is_empty()) {
        match pictures.last_mut().filter(|picture| picture.is_empty()) {
            Some(last) => last.drawing = Some(drawing),
            None => pictures.push(Picture {
                drawing: Some(drawing),
                ..Picture::default()
            }),
        }
    }
    pictures
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::timeline::{End, Row};

    #[test]
    fn what_is_not_drawn_is_counted() {
        let row = Row {
            label: "page".into(),
            depth: 0,
            created: Duration::ZERO,
            started: Some(Duration::ZERO),
            ended: None,
            busy: Vec::new(),
            end: End::Open,
        };
        let timeline = Timeline {
            rows: vec![row; 500],
            left_out: 3,
            total: Duration::ZERO,
            ..Timeline::default()
        };
        let picture = Picture::of(&timeline);
        assert!(picture.timeline.rows.len() < 500);
        assert_eq!(picture.timeline.rows.len() + picture.timeline.left_out, 503);
        let style = crate::timeline::Style::ascii(60);
        assert_eq!(picture.timeline.text(&style), timeline.text(&style));
    }
}
