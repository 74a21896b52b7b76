//! Three texts become one: what both sides began with, the learner's, and the new one.

use std::ops::RangeInclusive;

use diffy::{ConflictStyle, MergeOptions};

/// What stands before the learner's lines where both sides changed the same ones, and what after the new ones. The
/// first characters of each are what editors and the compiler know conflicts by.
pub(crate) const YOURS: &str = "<<<<<<< your version";
pub(crate) const NEW: &str = ">>>>>>> the new version";

/// The two sides in one text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Merged {
    pub(crate) text: String,
    /// The lines, counted from one, of each place where both sides changed the same lines, marks included.
    pub(crate) conflicts: Vec<RangeInclusive<usize>>,
}

/// Merges what changed from `base` to `yours` with what changed from `base` to `new`. Line ends become those of `yours`, and
/// the last line gets one.
pub(crate) fn merge(base: &str, yours: &str, new: &str) -> Merged {
    let windows = yours.contains("\r\n");
    // A mark needs a line of its own, also after the last line of a file.
    let [base, yours, new] = [base, yours, new].map(|text| {
        let text = text.replace("\r\n", "\n");
        match text.is_empty() || text.ends_with('\n') {
            true => text,
            false => text + "\n",
        }
    });
    let merged = MergeOptions::new()
        .set_conflict_style(ConflictStyle::Merge)
        .merge(&base, &yours, &new);
    let merged = match merged {
        Ok(text) => Merged {
            text,
            conflicts: Vec::new(),
        },
        Err(text) => named(&text),
    };
    Merged {
        text: match windows {
            true => merged.text.replace('\n', "\r\n"),
            false => merged.text,
        },
        ..merged
    }
}

/// Gives the marks names that say whose lines are whose, and finds where they are.
fn named(text: &str) -> Merged {
    let (mut lines, mut conflicts, mut begin) = (Vec::new(), Vec::new(), None);
    for (number, line) in (1..).zip(text.split('\n')) {
        lines.push(match (line, begin) {
            ("<<<<<<< ours", None) => {
                begin = Some(number);
                YOURS
            }
            (">>>>>>> theirs", Some(first)) => {
                conflicts.push(first..=number);
                begin = None;
                NEW
            }
            (line, _) => line,
        });
    }
    Merged {
        text: lines.join("\n"),
        conflicts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str =
        "/// One.\nfn one() {\n    todo!()\n}\n\n/// Two.\nfn two() {\n    todo!()\n}\n";

    #[test]
    fn changes_in_different_places_are_all_there() {
        let yours = BASE.replacen("todo!()", "1", 1);
        let new = BASE.replace("/// Two.", "/// Two, told better.");
        let merged = merge(BASE, &yours, &new);
        assert_eq!(merged.conflicts, []);
        assert_eq!(
            merged.text,
            yours.replace("/// Two.", "/// Two, told better.")
        );
    }

    #[test]
    fn a_line_that_both_sides_changed_is_there_twice_between_marks() {
        let yours = BASE.replacen("fn one() {\n    todo!()", "fn one() {\n    1", 1);
        let new = BASE.replacen(
            "fn one() {\n    todo!()",
            "fn one() {\n    todo!(\"wait\")",
            1,
        );
        let merged = merge(BASE, &yours, &new);
        assert_eq!(merged.conflicts, [3..=7]);
        insta::assert_snapshot!(merged.text, @r#"
        /// One.
        fn one() {
        <<<<<<< your version
            1
        =======
            todo!("wait")
        >>>>>>> the new version
        }

        /// Two.
        fn two() {
            todo!()
        }
        "#);
    }

    #[test]
    fn a_conflict_in_a_last_line_that_does_not_end_is_found() {
        let merged = merge("one\n", "one\ntwo", "one\nthree");
        assert_eq!(merged.conflicts, [2..=6]);
        assert_eq!(
            merged.text,
            format!("one\n{YOURS}\ntwo\n=======\nthree\n{NEW}\n")
        );
    }

    #[test]
    fn line_ends_stay_as_the_learner_has_them() {
        let yours = BASE.replacen("todo!()", "1", 1).replace('\n', "\r\n");
        let new = BASE.replace("/// Two.", "/// Two, told better.");
        let merged = merge(BASE, &yours, &new);
        assert_eq!(merged.conflicts, []);
        assert_eq!(
            merged.text,
            yours.replace("/// Two.", "/// Two, told better.")
        );
    }
}
