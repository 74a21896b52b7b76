//! What somebody means who types an answer: a time, a count, or words.
//!
//! People write one answer in many ways: `0.5 s`, `500ms`, `half a second`, `about 0.5 s, I think`. All of them mean
//! the same time. The rules, and what is left out on purpose:
//!
//! - `about`, `~`, `it takes` and the like say nothing. `less than`, `at least`, `not` do, and are never dropped.
//! - `m` is a minute. A number without a unit counts as seconds, or in the unit of the right answer.
//! - A number with a noun counts things: `20 connections` is not `20 requests`, nor `20 s`.
//! - In words, case, articles, quotes, punctuation at the end, and the `s` of `it panics` don't matter.

use crate::number::{fraction, number};

/// What an answer means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Meaning {
    /// So many microseconds; the unit is that of its first number.
    Time { micros: f64, unit: f64 },
    /// So many of a thing, which has no name if none was said.
    Count(f64, String),
    /// What is neither.
    Words(String),
}

impl Meaning {
    /// What `text` means.
    pub(crate) fn of(text: &str) -> Self {
        let said = without_fillers(&plain(text));
        let words = split(&said);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        time(&words)
            .or_else(|| count(&words))
            .unwrap_or_else(|| Self::Words(squashed(&said)))
    }

    /// Whether whoever says this means what is `right`.
    pub(crate) fn is(&self, right: &Self) -> bool {
        match (self, right) {
            (Self::Time { micros: a, .. }, Self::Time { micros: b, .. }) => a == b,
            (Self::Count(count, noun), Self::Time { micros, unit }) if noun.is_empty() => {
                [SECOND, *unit]
                    .iter()
                    .any(|unit| (count * unit).round() == *micros)
            }
            (Self::Count(a, given), Self::Count(b, right)) => {
                let counts = given.is_empty() || given == right;
                a == b && (counts || (right.is_empty() && given == TIMES))
            }
            (Self::Words(a), Self::Words(b)) => a == b,
            _ => false,
        }
    }

    /// Whether this is a number that would be what is `right`, if it had a unit.
    pub(crate) fn lacks_the_unit_of(&self, right: &Self) -> bool {
        match (self, right) {
            (Self::Count(count, noun), Self::Time { micros, .. }) if noun.is_empty() => UNITS
                .iter()
                .any(|(_, unit)| (count * unit).round() == *micros),
            _ => false,
        }
    }
}

const SECOND: f64 = 1e6;

/// Names of units, and how many microseconds each has.
const UNITS: [(&[&str], f64); 5] = [
    (&["us", "µs", "μs", "microsecond", "microseconds"], 1.0),
    (
        &[
            "ms",
            "msec",
            "msecs",
            "milli",
            "millis",
            "millisecond",
            "milliseconds",
        ],
        1e3,
    ),
    (&["s", "sec", "secs", "second", "seconds"], SECOND),
    (&["m", "min", "mins", "minute", "minutes"], 60.0 * SECOND),
    (&["h", "hr", "hrs", "hour", "hours"], 3600.0 * SECOND),
];

fn unit(word: &str) -> Option<f64> {
    let mut units = UNITS.iter();
    units
        .find(|(names, _)| names.contains(&word))
        .map(|(_, unit)| *unit)
}

/// `0.5 s`, `1 min 30 s`, `a second and a half`.
fn time(words: &[&str]) -> Option<Meaning> {
    let (mut micros, mut first, mut last) = (0.0, None, 0.0);
    let mut begin = 0;
    for (index, word) in words.iter().enumerate() {
        let Some(unit) = unit(word).filter(|_| begin < index) else {
            if *word == "and" && begin == index && first.is_some() {
                begin = index + 1;
            }
            continue;
        };
        micros += unit
            * match &words[begin..index] {
                ["a" | "an"] => 1.0,
                count => number(count)?,
            };
        first = first.or(Some(unit));
        (last, begin) = (unit, index + 1);
    }
    if begin < words.len() {
        micros += last * fraction(&words[begin..])?;
    }
    let micros = micros.round();
    first.map(|unit| Meaning::Time { micros, unit })
}

/// What all nouns of how often are taken for: `2x` is `2 times`.
const TIMES: &str = "time";

/// `20`, `twenty connections`, `2x`, `never`.
fn count(words: &[&str]) -> Option<Meaning> {
    let often = |count: f64| Some(Meaning::Count(count, TIMES.to_owned()));
    match words {
        ["x" | "×", rest @ ..] if number(rest).is_some() => return often(number(rest)?),
        ["none"] => return Some(Meaning::Count(0.0, String::new())),
        ["never"] | ["not", "at", "all"] | ["not", "once"] => return often(0.0),
        ["once"] => return often(1.0),
        ["twice" | "double", rest @ ..] if is_speed(&rest.join(" ")) => return often(2.0),
        _ => {}
    }
    let (length, count) = (1..=words.len())
        .rev()
        .find_map(|length| Some((length, number(&words[..length])?)))?;
    let noun = &words[length..];
    let has_digit = |word: &&str| word.contains(|c: char| c.is_ascii_digit());
    if noun.iter().any(has_digit) {
        return None;
    }
    let noun = match noun {
        ["x" | "×" | "fold" | "time" | "times", rest @ ..] if is_speed(&rest.join(" ")) => {
            TIMES.to_owned()
        }
        noun => squashed(&noun.join(" ")),
    };
    Some(Meaning::Count(count, noun))
}

/// What may follow `twice` and `2 times`, and says no more.
fn is_speed(rest: &str) -> bool {
    matches!(rest, "" | "as fast" | "faster")
}

/// In small letters, with single spaces, and without quotes or punctuation at the end.
pub(crate) fn plain(text: &str) -> String {
    let is_quote = |c| matches!(c, '`' | '"' | '\'' | '‘' | '’' | '“' | '”');
    let text = text.to_lowercase().replace(is_quote, "");
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let mut rest = text.as_str();
    loop {
        let trimmed = rest.trim_end_matches(['.', '!', '?', ',', ';', ':', '…', ' ']);
        let trimmed = trimmed.strip_suffix("()").unwrap_or(trimmed);
        if trimmed.len() == rest.len() {
            return rest.to_owned();
        }
        rest = trimmed;
    }
}

/// Words that say nothing of what is meant, where others follow.
const LEADS: [&str; 27] = [
    "about",
    "around",
    "approximately",
    "approx",
    "approx.",
    "roughly",
    "ca",
    "ca.",
    "exactly",
    "just",
    "only",
    "it",
    "its",
    "itll",
    "is",
    "takes",
    "take",
    "took",
    "will",
    "would",
    "prints",
    "i",
    "think",
    "guess",
    "expect",
    "maybe",
    "probably",
];
/// Words that say nothing before a number, and much before others: `at once`.
const PREPOSITIONS: [&str; 4] = ["after", "at", "for", "in"];
/// What says nothing at the end.
const TAILS: [&str; 8] = [
    " or so",
    " in all",
    " in total",
    " total",
    " i think",
    " i guess",
    " long",
    " later",
];

fn without_fillers(plain: &str) -> String {
    let said = plain.replace(['~', '≈'], " ");
    let mut words: Vec<&str> = said.split_whitespace().collect();
    while let [first, second, ..] = words[..] {
        let before_number = PREPOSITIONS.contains(&first) && begins_number(second);
        if !LEADS.contains(&first) && !before_number {
            break;
        }
        words.remove(0);
    }
    let mut said = words.join(" ");
    while let Some(rest) = TAILS.iter().find_map(|tail| said.strip_suffix(tail)) {
        said = rest.trim_end_matches(',').to_owned();
    }
    said
}

fn begins_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        || matches!(word, "a" | "an")
        || number(&[word]).is_some()
}

/// The words, with numbers apart from what follows without a space: `500ms`, `2x`, `twenty-five`.
fn split(said: &str) -> Vec<String> {
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '_');
    let mut words: Vec<String> = Vec::new();
    for word in said.split(' ') {
        let word = word.trim_end_matches(',');
        // A sign is no hyphen.
        if word.starts_with('-') {
            words.push("-".into());
        }
        for part in word.split('-').filter(|part| !part.is_empty()) {
            let mut numeric = None;
            for c in part.chars() {
                match words.last_mut() {
                    Some(last) if numeric == Some(is_number(c)) => last.push(c),
                    _ => words.push(c.into()),
                }
                numeric = Some(is_number(c));
            }
        }
    }
    words
}

/// Words as they are compared: without an article before them, without what divides them, each without the `s` of
/// a plural or a third person.
fn squashed(said: &str) -> String {
    let words = said.strip_prefix("a ").or_else(|| said.strip_prefix("an "));
    let words = words.or_else(|| said.strip_prefix("the ")).unwrap_or(said);
    let stem = |word: &str| match word.strip_suffix('s') {
        Some(stem) if stem.chars().count() > 2 && !stem.ends_with('s') => stem.to_owned(),
        _ => word.to_owned(),
    };
    words.split([' ', '_', '-']).map(stem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(given: &str, right: &str) -> bool {
        Meaning::of(given).is(&Meaning::of(right))
    }

    /// Ways to say a time, in the form `seconds: ways`.
    const TIMES_SAID: [(f64, &[&str]); 11] = [
        (
            0.5,
            &[
                "0.5 s",
                "500ms",
                "500 ms",
                ".5s",
                "0.50 seconds",
                "0,5 s",
                "half a second",
                "Half a second.",
                "half second",
                "a half second",
                "half of a second",
                "about 0.5 s",
                "~0.5 s",
                "~ 500 ms",
                "≈0.5s",
                "around half a second",
                "it takes 0.5 s",
                "it's about 500 ms",
                "0.5 s, I think",
                "0.5 s in all",
                "500 milliseconds or so",
                "five hundred milliseconds",
                "500000 µs",
                "after 0.5 s",
                "\"0.5 s\"",
                "`500 ms`",
                "0.5sec",
            ],
        ),
        (
            3.0,
            &[
                "3 s",
                "3.0 s",
                "three seconds",
                "3 secs",
                "3000 ms",
                "Three seconds!",
                "about 3 s",
                "~3 s",
                "3,000 ms",
                "probably 3 s",
                "3seconds",
                "I think it takes three seconds",
                "in 3 s",
            ],
        ),
        (
            0.3,
            &[
                "0.3 s",
                "300 ms",
                "300 millis",
                "three hundred ms",
                "three tenths of a second",
            ],
        ),
        (
            1.0,
            &[
                "1 s",
                "a second",
                "one second",
                "1 sec",
                "1,000 ms",
                "1000msec",
            ],
        ),
        (
            1.5,
            &[
                "1.5 s",
                "one and a half seconds",
                "a second and a half",
                "1 s 500 ms",
                "1500 ms",
            ],
        ),
        (
            0.1,
            &[
                "0.1 s",
                "100 ms",
                "a hundred milliseconds",
                "a tenth of a second",
            ],
        ),
        (
            0.25,
            &["0.25 s", "a quarter of a second", "quarter second", "250ms"],
        ),
        (
            60.0,
            &[
                "1 min",
                "a minute",
                "60 s",
                "sixty seconds",
                "1 m",
                "one minute",
            ],
        ),
        (
            90.0,
            &[
                "1.5 min",
                "90 s",
                "1 min 30 s",
                "1min30s",
                "one minute and thirty seconds",
                "a minute and a half",
                "ninety seconds",
            ],
        ),
        (3600.0, &["1 h", "an hour", "60 min", "3600 s", "one hour"]),
        (0.0, &["0 s", "0 ms", "zero seconds"]),
    ];

    #[test]
    fn a_time_is_the_same_however_it_is_said_and_different_from_every_other() {
        let forms: Vec<(f64, &str)> = TIMES_SAID
            .iter()
            .flat_map(|(seconds, ways)| ways.iter().map(|way| (*seconds, *way)))
            .collect();
        for &(given_seconds, given) in &forms {
            for &(right_seconds, right) in &forms {
                assert_eq!(
                    same(given, right),
                    given_seconds.total_cmp(&right_seconds).is_eq(),
                    "{given} for {right}"
                );
            }
        }
    }

    #[test]
    fn every_time_is_read_back_from_however_it_is_written() {
        let numbers = (1..400_u32).map(|step| step * 50);
        for millis in numbers {
            let seconds = f64::from(millis) / 1000.0;
            let right = format!("{seconds} s");
            for written in [
                format!("{millis} ms"),
                format!("{millis}ms"),
                format!("~{seconds}s"),
                format!("about {seconds} seconds"),
                right.replace('.', ","),
                seconds.to_string(),
            ] {
                assert!(same(&written, &right), "{written} for {right}");
                let other = format!("{} s", seconds + 0.05);
                assert!(!same(&written, &other), "{written} for {other}");
            }
        }
    }

    #[test]
    fn what_says_something_else_is_not_taken_for_a_time() {
        for wrong in [
            "less than 3 s",
            "more than 3 s",
            "at least 3 s",
            "at most 3 s",
            "under 3 s",
            "not 3 s",
            "almost 3 s",
            "3 s or 6 s",
            "3 or 4",
            "three or four seconds",
            "2-3 s",
            "-3 s",
            "- 3 s",
            "3 ms",
            "3 min",
            "3 h",
            "30 s",
            "0.3 s",
            "33 s",
            "3 apples",
            "3 s per call",
            "3 s or more",
            "3 3 s",
            "3 s s",
            "s",
            "second",
            "a",
            "and",
            "",
            "3 seconds each",
            "three three seconds",
            "3e0 s x",
            "no",
            "<3 s",
            ">3 s",
        ] {
            assert!(!same(wrong, "3 s"), "{wrong}");
        }
    }

    #[test]
    fn a_number_without_a_unit_counts_as_seconds_or_in_the_unit_of_the_answer() {
        assert!(same("0.5", "0.5 s") && same("half", "0.5 s") && same("about 3", "3 s"));
        assert!(same("400", "400 ms") && same("0.4", "400 ms") && same("2", "2 min"));
        assert!(!same("500", "0.5 s") && !same("3000", "3 s"));
        let lacks =
            |given: &str, right: &str| Meaning::of(given).lacks_the_unit_of(&Meaning::of(right));
        assert!(lacks("500", "0.5 s") && lacks("2", "120 s"));
        assert!(!lacks("501", "0.5 s") && !lacks("500", "500") && !lacks("500 ms", "0.5 s"));
    }

    #[test]
    fn counts_are_the_same_whatever_their_dress() {
        for (right, ways) in [
            (
                "0",
                &[
                    "0",
                    "zero",
                    "none",
                    "never",
                    "not at all",
                    "0 times",
                    "zero times",
                    "not once",
                ][..],
            ),
            (
                "20 connections",
                &[
                    "20",
                    "twenty",
                    "20 connections",
                    "twenty connections",
                    "about 20",
                    "~20 connections",
                    "20 connection",
                ],
            ),
            (
                "2 times as fast",
                &[
                    "2x",
                    "2 x",
                    "x2",
                    "2×",
                    "twice",
                    "two times",
                    "twice as fast",
                    "2.0 times as fast",
                    "2 times faster",
                    "double",
                    "2",
                    "about 2x",
                    "2-fold",
                    "2x faster",
                ],
            ),
            ("8", &["8", "eight", "Eight.", "8x"]),
        ] {
            for way in ways {
                assert!(same(way, right), "{way} for {right}");
            }
        }
        for (wrong, right) in [
            ("20 requests", "20 connections"),
            ("20 s", "20 connections"),
            ("20 ms", "20"),
            ("2x", "2 s"),
            ("21", "20 connections"),
            ("at once", "1"),
            ("-1", "1"),
            ("1 2", "1"),
            ("1 of 2", "1"),
            ("never", "0 ms"),
            ("a", "1"),
            ("half", "1"),
            ("a dozen", "12 threads"),
            ("8 or 9", "8"),
            ("eight or nine", "8"),
            ("8 s", "8"),
            ("not 8", "8"),
            ("1 task", "1 thread"),
        ] {
            assert!(!same(wrong, right), "{wrong} for {right}");
        }
    }

    #[test]
    fn words_are_the_same_whatever_their_dress() {
        for (right, ways) in [
            (
                "panic",
                &[
                    "panic",
                    "panic!",
                    "Panics.",
                    "it panics",
                    "a panic",
                    "It will panic!",
                    "it'll panic",
                    "I think it panics",
                ][..],
            ),
            (
                "JoinError",
                &[
                    "`JoinError`",
                    "joinerror",
                    "a JoinError",
                    "join error",
                    "JoinError.",
                ],
            ),
            (
                "current_thread",
                &["current thread", "current-thread", "the current_thread"],
            ),
            ("forget", &["forget()", "`forget`"]),
            ("any number", &["Any number"]),
        ] {
            for way in ways {
                assert!(same(way, right), "{way} for {right}");
            }
        }
        for (wrong, right) in [
            ("it doesn't panic", "panic"),
            ("no panic", "panic"),
            ("not a panic", "panic"),
            ("multi_thread", "current_thread"),
            ("Error", "JoinError"),
            ("a task", "task of the runtime"),
            ("", "panic"),
            ("...", "panic"),
            ("1", "a task"),
        ] {
            assert!(!same(wrong, right), "{wrong} for {right}");
        }
    }
}
