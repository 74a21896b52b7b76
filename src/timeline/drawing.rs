//! Whatever a lesson draws.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Gauge, Style, Timeline};

/// A [`Timeline`] or a [`Gauge`], for those who show what somebody else drew.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Drawing {
    /// Who was under way when.
    Timeline(Timeline),
    /// How many were.
    Gauge(Gauge),
}

impl Drawing {
    /// How long the recording took.
    #[must_use]
    pub fn total(&self) -> Duration {
        match self {
            Self::Timeline(timeline) => timeline.total,
            Self::Gauge(gauge) => gauge.total(),
        }
    }

    /// Draws it as lines of text, each ended by a line break.
    #[must_use]
    pub fn text(&self, style: &Style) -> String {
        match self {
            Self::Timeline(timeline) => timeline.text(style),
            Self::Gauge(gauge) => gauge.text(style),
        }
    }

    /// Draws it as an SVG image: see [`Timeline::svg_along`].
    #[must_use]
    pub fn svg_along(&self, axis: Duration, id: &str, what: &str) -> String {
        match self {
            Self::Timeline(timeline) => timeline.svg_along(axis, id, what),
            Self::Gauge(gauge) => gauge.svg_along(axis, id, what),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::text::tests::every_kind;

    #[test]
    fn json_tells_the_two_apart() {
        let timeline = every_kind();
        let gauge = timeline.gauge();
        for drawing in [Drawing::Timeline(timeline), Drawing::Gauge(gauge)] {
            let json = serde_json::to_string(&drawing).expect("it is plain data");
            assert_eq!(
                serde_json::from_str::<Drawing>(&json).expect("as above"),
                drawing
            );
        }
    }
}
