//! The shapes that a row is drawn with.

use super::{super::End, Svg};

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

    pub(super) fn draw_sample(self, svg: &mut Svg, x: f64, top: f64) {
        let width = match self {
            Self::Unpolled | Self::Waiting | Self::Busy => 26.0,
            // Their picture stands around the point.
            Self::Failed | Self::Dropped | Self::Open => 14.0,
        };
        self.draw(svg, x, x + width, top + 10.0);
    }

    /// Between two points, or for the marks of an end, at the second of them.
    pub(super) fn draw(self, svg: &mut Svg, from: f64, to: f64, y: f64) {
        // What took no time can be seen too.
        let width = (to - from).max(3.0);
        let rect = |class: &str, height: f64, opacity: f64| {
            format!(
                "<rect class=\"{class}\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{height}\" rx=\"1.5\" opacity=\"{opacity}\"/>",
                y - height / 2.0
            )
        };
        let end = from + width;
        svg.add(&match self {
            Self::Waiting => rect("waiting", 9.0, 0.55),
            Self::Busy => rect("busy", 17.0, 1.0),
            Self::Unpolled => format!(
                "<line x1=\"{from:.1}\" y1=\"{y:.1}\" x2=\"{end:.1}\" y2=\"{y:.1}\" stroke=\"currentColor\" stroke-width=\"2\" stroke-dasharray=\"2 4\"/>"
            ),
            Self::Failed => format!(
                "<path d=\"M{:.1} {:.1}l7 13h-14z\"/>",
                end, y - 7.0
            ),
            Self::Dropped => format!(
                "<path d=\"M{:.1} {:.1}l12 12m0 -12l-12 12\" stroke=\"currentColor\" stroke-width=\"2.5\"/>",
                end - 6.0, y - 6.0
            ),
            Self::Open => format!("<path d=\"M{:.1} {:.1}l9 8l-9 8z\"/>", end - 4.0, y - 8.0),
        });
    }
}
