//! A timeline in words, for those who hear it.

use std::{fmt::Write as _, time::Duration};

use super::super::{End, Row, Timeline, text::fit};
use crate::clock::Readable;

/// The whole picture in words: each row with its start, its end, and how it ended.
pub(super) fn description(timeline: &Timeline, rows: &[Row], more: usize) -> String {
    let mut words = format!("In all {}.", Readable(timeline.total));
    for row in rows {
        let how = match row.end {
            _ if row.started.is_none() => ", never polled",
            End::Open => ", still open at the end",
            End::Finished => "",
            End::Failed => ", failed",
            End::Panicked => ", panicked",
            End::Dropped => ", dropped",
        };
        let from = row.started.unwrap_or(row.created);
        let to = row.ended.unwrap_or(timeline.total);
        let label = fit(&row.label, usize::MAX, '…');
        let (from_words, to_words) = (Readable(from), Readable(to));
        write!(words, " {label}: from {from_words} to {to_words}{how}")
            .expect("a String takes every write");
        if let Some(started) = row.started
            && row.created < started
        {
            write!(words, ", made at {}", Readable(row.created)).expect("as above");
        }
        let held: Duration = row.busy.iter().map(|(from, to)| *to - *from).sum();
        if !held.is_zero() {
            write!(words, ", held the thread for {}", Readable(held)).expect("as above");
        }
        words.push('.');
    }
    if more > 0 {
        write!(words, " And {more} more.").expect("as above");
    }
    for moment in &timeline.moments {
        write!(words, " {}.", moment.words()).expect("as above");
    }
    words
}
