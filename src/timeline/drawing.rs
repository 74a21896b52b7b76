//! Whatever a lesson draws.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Gauge, Ink, Line, Stroke, Style, Timeline, ink};

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

    /// Draws it as lines, whose parts say what they stand for.
    #[must_use]
    pub fn lines(&self, style: &Style) -> Vec<Line> {
        match self {
            Self::Timeline(timeline) => timeline.lines(style),
            Self::Gauge(gauge) => gauge.lines(style),
        }
    }

    /// Draws it as lines of text, without colours, each ended by a line break.
    #[must_use]
    pub fn text(&self, style: &Style) -> String {
        ink::text(&self.lines(style), Line::plain)
    }

    /// The glyphs that [`lines`](Self::lines) draws it with and that have a meaning, each once. A gauge has none:
    /// its scale says what it shows.
    #[must_use]
    pub fn glyphs(&self, style: &Style) -> Vec<Stroke> {
        let Self::Timeline(_) = self else {
            return Vec::new();
        };
        let lines = self.lines(style);
        let drawn = |ink: Ink, glyph: char| {
            let mut strokes = lines.iter().flat_map(Line::strokes);
            strokes.any(|stroke| stroke.ink == ink && stroke.text.contains(glyph))
        };
        let glyphs = style.charset.glyphs().inks().into_iter();
        glyphs
            .filter(|&(glyph, ink)| drawn(ink, glyph))
            .map(|(glyph, ink)| Stroke {
                text: glyph.to_string(),
                ink,
            })
            .collect()
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
    fn its_glyphs_are_those_that_it_is_drawn_with() {
        let drawing = Drawing::Timeline(every_kind());
        let glyphs = |drawing: &Drawing| {
            let glyphs = drawing.glyphs(&Style::unicode(80)).into_iter();
            glyphs.map(|glyph| glyph.text).collect::<String>()
        };
        assert_eq!(glyphs(&drawing), "┄━█▲╳");
        let mut plain = every_kind();
        plain.rows.truncate(1);
        assert_eq!(glyphs(&Drawing::Timeline(plain)), "━");
        assert_eq!(glyphs(&Drawing::Gauge(every_kind().gauge())), "");
    }

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
