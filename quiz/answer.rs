//! Tells right answers from wrong ones, however they are written.

use crate::{
    Kind, Question, Trace, Words,
    meaning::{Meaning, plain},
};

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
        let wrong = prompt.distractors.iter();
        let mut choices: Vec<&str> = wrong.map(|wrong| wrong.choice.as_str()).collect();
        let place = self.id.bytes().map(usize::from).sum::<usize>() % (choices.len() + 1);
        choices.insert(place, &answer.answer);
        choices
    }

    /// Judges what somebody typed.
    ///
    /// A choice is named by its number, counted from 1, its letter, or its words. Times, counts and words may be
    /// written in any way that means the same. A program's output counts whatever the spaces and line ends.
    #[must_use]
    pub fn judge(&self, given: &str) -> Judgement {
        let given = given.trim();
        if given.is_empty() {
            return Judgement::Unclear("type an answer, and then Enter");
        }
        match &self.kind {
            Kind::MultipleChoice { answer, .. } => match self.chosen(given) {
                Some(choice) if choice == answer.answer => Judgement::Right,
                Some(_) => Judgement::Wrong,
                None => Judgement::Unclear("type the number of one of the choices"),
            },
            Kind::ShortAnswer { answer, .. } => answer.judge(given),
            Kind::Tracing { answer, .. } => traced(given, answer),
        }
    }

    /// The choice that is named by its number, its letter, or its words.
    #[must_use]
    pub fn chosen(&self, given: &str) -> Option<&str> {
        let choices = self.choices();
        let bare = given
            .trim()
            .trim_start_matches(['(', '#'])
            .trim_end_matches([')', '.', ':']);
        let index = match bare.parse::<usize>() {
            Ok(number) => number.checked_sub(1),
            Err(_) => match bare.as_bytes() {
                [letter] => letter
                    .to_ascii_lowercase()
                    .checked_sub(b'a')
                    .map(usize::from),
                _ => None,
            },
        };
        if let Some(choice) = index.and_then(|index| choices.get(index)) {
            return Some(choice);
        }
        let given = plain(given);
        let exactly = choices.iter().find(|choice| plain(choice) == given);
        let in_words = || {
            let mut meant = choices.iter().filter(|choice| begins_with(choice, &given));
            // What fits several names none.
            meant.next().filter(|_| meant.next().is_none())
        };
        exactly.or_else(in_words).copied()
    }

    /// Why a choice is wrong; `None` if it is right, or no choice.
    #[must_use]
    pub fn why_wrong(&self, choice: &str) -> Option<&str> {
        let Kind::MultipleChoice { prompt, .. } = &self.kind else {
            return None;
        };
        let mut wrong = prompt.distractors.iter();
        let chosen = wrong.find(|wrong| wrong.choice == choice)?;
        Some(&chosen.why)
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
    /// Judges what somebody typed: it is right if it means the same as the answer, or as one of its alternatives.
    #[must_use]
    pub fn judge(&self, given: &str) -> Judgement {
        judge(
            std::iter::once(&self.answer).chain(&self.alternatives),
            given,
        )
    }
}

/// Judges what somebody typed: it is right if it means the same as one of `all`.
pub fn judge<'a>(all: impl IntoIterator<Item = &'a String>, given: &str) -> Judgement {
    let given = Meaning::of(given);
    let mut lacks_unit = false;
    for right in all {
        let right = Meaning::of(right);
        if given.is(&right) {
            return Judgement::Right;
        }
        lacks_unit |= given.lacks_the_unit_of(&right);
    }
    if lacks_unit {
        Judgement::Unclear("which unit? type it too: ms, s, min or h")
    } else {
        Judgement::Wrong
    }
}

/// Whether a choice is what is given, up to the first comma or colon of the choice, or the same time.
fn begins_with(choice: &str, given: &str) -> bool {
    let choice = plain(choice);
    let head = choice.split([',', ':', ';']).next().unwrap_or(&choice);
    let same_time = || match Meaning::of(head) {
        right @ Meaning::Time { .. } => {
            let given = Meaning::of(given);
            matches!(given, Meaning::Time { .. }) && given.is(&right)
        }
        _ => false,
    };
    // A single word is the beginning of too much.
    let longer = choice.strip_prefix(given).filter(|_| given.contains(' '));
    head == given || longer.is_some_and(|rest| rest.starts_with(' ')) || same_time()
}

fn traced(given: &str, answer: &Trace) -> Judgement {
    const NOT_COMPILING: &str = "error|compile error|compiler error|compilation error|does not compile|doesnt compile|not compile|\
         wont compile|cannot compile|cant compile|fails to compile|compilation fails|no compile";
    const NOTHING: &str = "nothing|nothing at all|no output|empty";
    let says = |all: &str| {
        let given = Meaning::of(given);
        all.split('|').any(|words| given.is(&Meaning::of(words)))
    };
    let right = match &answer.stdout {
        None => says(NOT_COMPILING),
        Some(stdout) if stdout.trim().is_empty() => says(NOTHING),
        Some(stdout) => {
            let (given_means, means) = (Meaning::of(given), Meaning::of(stdout));
            let same_number = !matches!(means, Meaning::Words(_)) && given_means.is(&means);
            same_number
                || printed(given) == printed(stdout)
                || printed(unquoted(given)) == printed(stdout)
        }
    };
    if right {
        Judgement::Right
    } else {
        Judgement::Wrong
    }
}

/// What a program prints is compared as it stands, but for what nobody can see: spaces, line ends, and the commas
/// between what was printed in several lines.
fn printed(text: &str) -> Vec<String> {
    let text = text.replace("\\n", " ");
    let words = text.split(|c: char| c.is_whitespace() || c == ',');
    words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What somebody put in quotes.
fn unquoted(given: &str) -> &str {
    let inner = |quote| given.strip_prefix(quote)?.strip_suffix(quote);
    ['"', '\'', '`']
        .into_iter()
        .find_map(inner)
        .unwrap_or(given)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ask, Choices, Distractor, Program};

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
                    distractors: ["a lot", "two", "three"].map(distractor).into(),
                },
                answer: words("one"),
            },
            context: String::new(),
        }
    }

    fn asked_for_a_time(right: &str, wrong: &[&str]) -> Question {
        Question {
            id: "t".into(),
            kind: Kind::MultipleChoice {
                prompt: Choices {
                    prompt: "How long?".into(),
                    distractors: wrong.iter().map(|choice| distractor(choice)).collect(),
                },
                answer: words(right),
            },
            context: String::new(),
        }
    }

    fn distractor(choice: &str) -> Distractor {
        Distractor {
            choice: choice.into(),
            why: "It is not so.".into(),
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
        let times = asked_for_a_time("3.3 s", &["1 s: they overlap", "1 s on one thread", "4 s"]);
        let place = times.choices().iter().position(|choice| *choice == "3.3 s");
        let number = place.expect("it is one of them") + 1;
        for right in [
            number.to_string(),
            format!("{number})"),
            format!("({number})"),
            format!("{number}."),
            format!("#{number}"),
            "3.3 s".into(),
            "3300 ms".into(),
            "about 3.3 seconds".into(),
        ] {
            assert_eq!(times.judge(&right), Judgement::Right, "{right}");
        }
        assert_eq!(times.judge("4 s"), Judgement::Wrong);
        assert_eq!(times.judge("4000 ms"), Judgement::Wrong);
        for unclear in ["1 s", "0", "5", "three", "3.3", "it", "2 s"] {
            assert!(
                matches!(times.judge(unclear), Judgement::Unclear(_)),
                "{unclear}"
            );
        }
    }

    #[test]
    fn the_head_of_a_choice_names_it() {
        let question = asked_for_a_time(
            "3 s, as before",
            &["A little less than 3 s", "6 s, the sum"],
        );
        assert_eq!(question.judge("3 s"), Judgement::Right);
        assert_eq!(question.judge("6 seconds"), Judgement::Wrong);
        assert_eq!(question.judge("a little less"), Judgement::Wrong);
        assert_eq!(question.chosen("6 s"), Some("6 s, the sum"));
    }

    #[test]
    fn a_number_that_only_lacks_its_unit_is_asked_for_again() {
        let answer = words("0.5 s");
        for right in ["500 ms", "0.5", "half a second"] {
            assert_eq!(answer.judge(right), Judgement::Right, "{right}");
        }
        assert!(matches!(answer.judge("500"), Judgement::Unclear(_)));
        assert_eq!(answer.judge("50"), Judgement::Wrong);
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
        assert_eq!(program(Some("400 ms\n")).judge("400"), Judgement::Right);
        assert_eq!(
            program(Some("7 turns\n")).judge("seven turns"),
            Judgement::Right
        );
        assert_eq!(
            program(Some("7 turns\n")).judge("8 turns"),
            Judgement::Wrong
        );
        for given in ["called, done", "called\\ndone", "\"called done\""] {
            assert_eq!(
                program(Some("called\ndone\n")).judge(given),
                Judgement::Right,
                "{given}"
            );
        }
        assert_eq!(program(Some("3 2\n")).judge("3"), Judgement::Wrong);
        assert_eq!(
            program(Some("Err(200)")).judge("err(200)"),
            Judgement::Wrong
        );
        for given in [
            "error",
            "an error",
            "it won't compile",
            "It doesn't compile!",
            "fails to compile",
        ] {
            assert_eq!(program(None).judge(given), Judgement::Right, "{given}");
            assert_eq!(program(Some("7")).judge(given), Judgement::Wrong, "{given}");
        }
        for given in ["it compiles", "compiles", "no error", "7"] {
            assert_eq!(program(None).judge(given), Judgement::Wrong, "{given}");
        }
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
