//! Tells right answers from wrong ones, however they are written.

use std::time::Duration;

use crate::{Kind, Question, Trace, Words};

/// What an answer was worth.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Judgement {
    /// It is right.
    Right,
    /// It is wrong.
    Wrong,
    /// It is no answer to this question, such as the fifth of four choices. The words say what would be one.
    Unclear(&'static str),
}

impl Question {
    /// What can be chosen, in the order in which it is shown. Empty, if the answer is to be typed.
    ///
    /// The order is the same every time; the right answer has no place of its own.
    #[must_use]
    pub fn choices(&self) -> Vec<&str> {
        let Kind::MultipleChoice { prompt, answer } = &self.kind else {
            return Vec::new();
        };
        let mut choices: Vec<&str> = prompt.distractors.iter().map(String::as_str).collect();
        let place = self.id.bytes().map(usize::from).sum::<usize>() % (choices.len() + 1);
        choices.insert(place, &answer.answer);
        choices
    }

    /// Judges what somebody typed.
    ///
    /// A choice is named by its number, counted from 1, its letter, or its words. A word counts whatever
    /// its case; a duration in whichever unit. A program's output counts whatever the spaces and line ends.
    #[must_use]
    pub fn judge(&self, given: &str) -> Judgement {
        let given = given.trim();
        if given.is_empty() {
            return Judgement::Unclear("type an answer, and then Enter");
        }
        let right = match &self.kind {
            Kind::MultipleChoice { answer, .. } => {
                let choices = self.choices();
                match chosen(given, &choices) {
                    Some(choice) => choice == answer.answer,
                    None => return Judgement::Unclear("type the number of one of the choices"),
                }
            }
            Kind::ShortAnswer { answer, .. } => answer.accepts(given),
            Kind::Tracing { answer, .. } => traced(given, answer),
        };
        if right {
            Judgement::Right
        } else {
            Judgement::Wrong
        }
    }

    /// The right answer, as it is shown.
    #[must_use]
    pub fn right_answer(&self) -> String {
        match &self.kind {
            Kind::MultipleChoice { answer, .. } | Kind::ShortAnswer { answer, .. } => {
                answer.answer.clone()
            }
            Kind::Tracing { answer, .. } => match &answer.stdout {
                Some(stdout) if stdout.trim().is_empty() => "it prints nothing".into(),
                Some(stdout) => stdout.trim_end().into(),
                None => "it does not compile".into(),
            },
        }
    }
}

impl Words {
    /// Whether `given` says the same as the answer, or as one of its alternatives.
    #[must_use]
    pub fn accepts(&self, given: &str) -> bool {
        let mut all = std::iter::once(&self.answer).chain(&self.alternatives);
        all.any(|right| same(given, right))
    }
}

/// The choice that is meant by its number, its letter, or its words.
fn chosen<'a>(given: &str, choices: &[&'a str]) -> Option<&'a str> {
    let exactly = choices.iter().find(|choice| plain(given) == plain(choice));
    // Last, since a mere number counts as seconds there, and names a choice here.
    let in_words = || choices.iter().find(|choice| same(given, choice));
    let number = || match given.parse::<usize>() {
        Ok(number) => number.checked_sub(1),
        Err(_) => match given.as_bytes() {
            [letter] => letter
                .to_ascii_lowercase()
                .checked_sub(b'a')
                .map(usize::from),
            _ => None,
        },
    };
    exactly
        .or_else(|| choices.get(number()?))
        .or_else(in_words)
        .copied()
}

fn traced(given: &str, answer: &Trace) -> bool {
    const NOT_COMPILING: [&str; 6] = [
        "error",
        "does not compile",
        "doesn't compile",
        "it does not compile",
        "it doesn't compile",
        "compile error",
    ];
    const NOTHING: [&str; 3] = ["nothing", "it prints nothing", "prints nothing"];
    match &answer.stdout {
        None => NOT_COMPILING.iter().any(|words| same(given, words)),
        Some(stdout) if stdout.trim().is_empty() => NOTHING.iter().any(|words| same(given, words)),
        // What a program prints is compared as it stands, but for the spaces, which nobody can see.
        Some(stdout) => {
            let same_time = duration(given).is_some_and(|given| Some(given) == duration(stdout));
            same_time || given.split_whitespace().eq(stdout.split_whitespace())
        }
    }
}

/// Whether two answers say the same: the same words, or the same time.
///
/// Case, quotes, spaces and a full stop at the end do not matter; nor does the unit of a duration, so
/// that `500 ms` is `0.5 s`.
#[must_use]
pub fn same(given: &str, right: &str) -> bool {
    match (duration(given), duration(right)) {
        (Some(given), Some(right)) => given == right,
        // A mere number counts as seconds where a time was asked for.
        (None, Some(right)) => {
            let seconds = given.trim().parse().ok();
            seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) == Some(right)
        }
        _ => plain(given) == plain(right),
    }
}

fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let is_quote = |c| matches!(c, '`' | '"' | '\'');
    let joined = words.join(" ").replace(is_quote, "");
    joined.trim_end_matches('.').to_owned()
}

/// Reads `0.5 s`, `500ms`, `2 seconds`, `1 min`, rounded to microseconds.
#[must_use]
pub fn duration(text: &str) -> Option<Duration> {
    let text = text.trim().trim_end_matches('.').to_lowercase();
    let unit_at = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',' || c == '_'))?;
    let (number, unit) = text.split_at(unit_at);
    let number: f64 = number.replace(['_', ','], "").parse().ok()?;
    let seconds = match unit.trim() {
        "us" | "µs" | "microseconds" => number / 1e6,
        "ms" | "millis" | "millisecond" | "milliseconds" => number / 1e3,
        "s" | "sec" | "secs" | "second" | "seconds" => number,
        "m" | "min" | "mins" | "minute" | "minutes" => number * 60.0,
        "h" | "hour" | "hours" => number * 3600.0,
        _ => return None,
    };
    let micros = Duration::try_from_secs_f64(seconds).ok()?.as_secs_f64() * 1e6;
    Some(Duration::from_micros(micros.round() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ask, Choices, Program};

    fn words(answer: &str) -> Words {
        Words {
            answer: answer.into(),
            alternatives: vec!["another".into()],
        }
    }

    fn choice(id: &str) -> Question {
        Question {
            id: id.into(),
            kind: Kind::MultipleChoice {
                prompt: Choices {
                    prompt: "Which?".into(),
                    distractors: vec!["a lot".into(), "two".into(), "three".into()],
                },
                answer: words("one"),
            },
            context: String::new(),
        }
    }

    fn program(stdout: Option<&str>) -> Question {
        Question {
            id: "p".into(),
            kind: Kind::Tracing {
                prompt: Program {
                    program: String::new(),
                },
                answer: Trace {
                    does_compile: stdout.is_some(),
                    stdout: stdout.map(str::to_owned),
                },
            },
            context: String::new(),
        }
    }

    #[test]
    fn the_right_choice_has_no_place_of_its_own() {
        let places: std::collections::HashSet<_> = ["a", "b", "c", "d"]
            .into_iter()
            .map(|id| {
                let question = choice(id);
                let choices = question.choices();
                assert_eq!(choices.len(), 4);
                choices.iter().position(|choice| *choice == "one")
            })
            .collect();
        assert_eq!(places.len(), 4);
    }

    #[test]
    fn a_choice_is_named_by_number_letter_or_words() {
        let question = choice("a");
        let place = question
            .choices()
            .iter()
            .position(|choice| *choice == "one");
        let place = place.expect("it is one of them");
        let letter = char::from(b'A' + u8::try_from(place).expect("there are four"));
        for right in [(place + 1).to_string(), letter.to_string(), "One".into()] {
            assert_eq!(question.judge(&right), Judgement::Right, "{right}");
        }
        let other = ((place + 1) % 4 + 1).to_string();
        assert_eq!(question.judge(&other), Judgement::Wrong);
        for unclear in ["0", "5", "e", "", "perhaps"] {
            assert!(
                matches!(question.judge(unclear), Judgement::Unclear(_)),
                "{unclear}"
            );
        }
    }

    #[test]
    fn a_number_names_a_choice_also_where_the_choices_are_times() {
        let times = Question {
            id: "t".into(),
            kind: Kind::MultipleChoice {
                prompt: Choices {
                    prompt: "How long?".into(),
                    distractors: vec!["1 s".into(), "2 s".into(), "4 s".into()],
                },
                answer: words("3.3 s"),
            },
            context: String::new(),
        };
        let place = times.choices().iter().position(|choice| *choice == "3.3 s");
        let number = place.expect("it is one of them") + 1;
        assert_eq!(times.judge(&number.to_string()), Judgement::Right);
        assert_eq!(times.judge("3300 ms"), Judgement::Right);
        assert_eq!(
            program(Some("Err(200)")).judge("err(200)"),
            Judgement::Wrong
        );
    }

    #[test]
    fn words_count_whatever_their_dress() {
        let answer = words("JoinError");
        for right in ["JoinError", "joinerror", " `JoinError`. ", "another"] {
            assert!(answer.accepts(right), "{right}");
        }
        assert!(!answer.accepts("Join Error"));
    }

    #[test]
    fn times_count_in_every_unit() {
        for right in ["0.5 s", "500ms", "500 ms", ".5s", "0.50 seconds", "0.5"] {
            assert!(same(right, "0.5 s"), "{right}");
        }
        for wrong in ["5 s", "500", "500 s", "half", "0.5 apples"] {
            assert!(!same(wrong, "0.5 s"), "{wrong}");
        }
        assert!(same("90 s", "1.5 min"));
        assert!(same("10", "10") && !same("10", "100"));
    }

    #[test]
    fn output_counts_whatever_its_spaces() {
        let question = program(Some("made b a \n"));
        assert_eq!(question.judge("made b a"), Judgement::Right);
        assert_eq!(question.judge("made  b\ta"), Judgement::Right);
        assert_eq!(question.judge("made a b"), Judgement::Wrong);
        assert_eq!(question.judge("error"), Judgement::Wrong);
        assert_eq!(program(None).judge("does not compile"), Judgement::Right);
        assert_eq!(program(Some("")).judge("nothing"), Judgement::Right);
        assert_eq!(program(Some("400 ms\n")).judge("0.4 s"), Judgement::Right);
    }

    #[test]
    fn short_answers_are_judged_by_their_words() {
        let question = Question {
            id: "s".into(),
            kind: Kind::ShortAnswer {
                prompt: Ask {
                    prompt: "Who?".into(),
                },
                answer: words("me"),
            },
            context: String::new(),
        };
        assert_eq!(question.judge("Me"), Judgement::Right);
        assert_eq!(question.judge("you"), Judgement::Wrong);
        assert_eq!(question.right_answer(), "me");
    }
}
