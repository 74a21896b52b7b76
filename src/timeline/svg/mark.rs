//! The shapes that a row is drawn with.

use std::time::Duration;

use super::super::End;
use crate::chart::{BAR, Chart};

/// What a row is drawn with. Shapes, not colours, tell them apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mark {
    Unpolled,
    Waiting,
    Busy,
    Failed,
    Dropped,
    Open,
}

impl Mark {
    pub(super) const ALL: [Self; 6] = [
        Self::Unpolled,
        Self::Waiting,
        Self::Busy,
        Self::Failed,
        Self::Dropped,
        Self::Open,
    ];

    /// The mark at the end of a row that was polled.
    pub(super) fn of_end(end: End) -> Option<Self> {
        match end {
            // The words behind the row tell the two apart.
            End::Failed | End::Panicked => Some(Self::Failed),
            End::Dropped => Some(Self::Dropped),
            End::Open => Some(Self::Open),
            End::Finished => None,
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Unpolled => "made, not polled",
            Self::Waiting => "waiting",
            Self::Busy => "holding the thread",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
            Self::Open => "still open",
        }
    }

    /// As it stands in the legend, from 0 to 26 and around a height of 0.
    pub(super) fn sample(self) -> String {
        let class = self.class();
        match self {
            Self::Unpolled => format!(
                "<line class=\"{class}\" x2=\"26\" stroke=\"currentColor\" stroke-width=\"2\" stroke-dasharray=\"2 4\"/>"
            ),
            Self::Waiting | Self::Busy => {
                let height = self.height();
                format!(
                    "<rect class=\"{class}\" y=\"{:.1}\" width=\"26\" height=\"{height}\" rx=\"2\"/>",
                    -height / 2.0
                )
            }
            Self::Failed | Self::Dropped | Self::Open => {
                format!("<svg x=\"13\" overflow=\"visible\">{}</svg>", self.shape())
            }
        }
    }

    /// Between two times, or for the marks of an end, at the second of them; its middle at this height.
    pub(super) fn draw(self, chart: &mut Chart, from: Duration, to: Duration, y: f64) {
        match self {
            Self::Unpolled => chart.dotted(self.class(), from, to, y),
            Self::Waiting | Self::Busy => {
                chart.bar_of_height(self.class(), from, to, y, self.height())
            }
            Self::Failed | Self::Dropped | Self::Open => chart.at(to, y, self.shape()),
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Unpolled => "unpolled",
            Self::Waiting => "waiting",
            Self::Busy => "busy",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
            Self::Open => "open",
        }
    }

    const fn height(self) -> f64 {
        match self {
            Self::Busy => 2.0 * BAR,
            _ => BAR,
        }
    }

    /// What stands around the point at which a row ends.
    fn shape(self) -> String {
        let class = self.class();
        match self {
            Self::Failed => format!("<path class=\"{class}\" d=\"M0 -7l7 13h-14z\"/>"),
            Self::Dropped => format!(
                "<path class=\"{class}\" d=\"M-6 -6l12 12m0 -12l-12 12\" stroke=\"currentColor\" stroke-width=\"2.5\"/>"
            ),
            _ => format!("<path class=\"{class}\" d=\"M-4 -8l9 8l-9 8z\"/>"),
        }
    }
}
