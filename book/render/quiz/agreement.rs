//! The pages' script judges as the terminal does: `theme/judge.js` beside `quiz/answer.rs`.

use ::quiz::{Ask, Judgement, Kind, Program, Question, Trace, Words};
use serde_json::{Value, json};

use super::{key::Key, tests::questions};
use crate::node;

/// What somebody might type, and what only a test would.
const TYPED: &[&str] = &[
    "0.5 s",
    "500ms",
    " 500 ms. ",
    "500  MS",
    ".5s",
    "5.s",
    "0.5",
    "+.5",
    "5e-1",
    "5E-1 s",
    "500000 µs",
    "500000us",
    "1_000 ms",
    "1,000 ms",
    "1 s",
    "1 sec",
    "2 secs",
    "2 s",
    "2 seconds",
    "120000 millis",
    "2 mins",
    "2 min",
    "120 s",
    "1 min",
    "60 s",
    "1 m",
    "0.5 min",
    "30 seconds",
    "1 hour",
    "2 h",
    "60 minutes",
    "ms",
    "s",
    ".s",
    ". s",
    "1.2.3 s",
    "half a second",
    "about 0.5 s",
    "~0.5s",
    "0,5 s",
    "1/2 s",
    "one and a half seconds",
    "a second and a half",
    "a hundred milliseconds",
    "a tenth of a second",
    "two hundred and five",
    "two point five seconds",
    "1 min 30 s",
    "a minute and a half",
    "it takes 2 seconds, I think",
    "less than 2 s",
    "2 s or 3 s",
    "500",
    "400",
    "2x",
    "twice",
    "two times as fast",
    "x2",
    "a factor of 2",
    "2",
    "never",
    "none",
    "0 times",
    "not at all",
    "20 connections",
    "twenty connections",
    "20 requests",
    "20 s",
    "1,5",
    "panic",
    "panic!",
    "it panics",
    "it doesn't panic",
    "It will panic.",
    "forget()",
    "current-thread",
    "current thread",
    "made, b, a",
    "made\\nb\\na",
    "\"made b a\"",
    "7 turns",
    "seven turns",
    "it won't compile",
    "fails to compile",
    "an error",
    "no output",
    "\u{3bc}s",
    "5 \u{3bc}s",
    "a",
    "an hour",
    "second",
    "the second one",
    "-1 s",
    "-0",
    "0",
    "0 ms",
    "inf",
    "nan",
    "1e3",
    "0.0005 ms",
    "1.5 s s",
    "5 apples",
    "1s2",
    "µs",
    "3.5.",
    "1 . s",
    "`1 s`",
    "'1 s'",
    "JoinError",
    "joinerror",
    " `JoinError`. ",
    "Join Error",
    "\"JoinError\"...",
    "a  JoinError",
    "tokio::task::JoinError",
    "error",
    "Error.",
    "ERROR",
    "does not compile",
    "It does  not compile.",
    "it doesn't compile",
    "it doesnt compile",
    "compile error",
    "compiles",
    "nothing",
    "Nothing.",
    "it prints nothing",
    "prints nothing",
    "",
    "`",
    "...",
    "\"\"",
    "made b a",
    "made  b\ta",
    "made b a.",
    "Made b a",
    "made\nb\r\na\n",
    "a\u{a0}b",
    "a b",
    "A\u{2003}B",
    "a\u{85}b",
    "ΑΣ",
    "ας",
    "İ",
    "i\u{307}",
    "STRASSE",
    "straße",
    "8",
    "eight",
    "512 threads",
    "512",
    "Err(200)",
    "err(200)",
];

fn asked(kind: Kind) -> Question {
    Question {
        id: "asked".into(),
        kind,
        context: String::new(),
    }
}

/// Questions whose right answer is this: one for words, one for the output of a program.
fn about(right: &str) -> [Question; 2] {
    let prompt = Ask {
        prompt: "What?".into(),
    };
    let answer = Words {
        answer: right.into(),
        alternatives: vec!["another".into()],
    };
    let trace = Trace {
        does_compile: true,
        stdout: Some(right.into()),
    };
    [
        asked(Kind::ShortAnswer { prompt, answer }),
        asked(Kind::Tracing {
            prompt: Program {
                program: String::new(),
            },
            answer: trace,
        }),
    ]
}

#[test]
fn every_answer_is_judged_as_in_the_terminal() {
    let mut all = questions();
    let mut typed: Vec<String> = TYPED.iter().map(|&typed| typed.into()).collect();
    typed.extend(all.iter().map(Question::right_answer));
    for question in &all {
        if let Kind::ShortAnswer { answer, .. } = &question.kind {
            typed.extend(answer.alternatives.iter().cloned());
        }
    }
    all.extend(TYPED.iter().flat_map(|right| about(right)));

    let mut inputs: Vec<Value> = Vec::new();
    let mut verdicts = Vec::new();
    for question in &all {
        let key = json!(Key::of(question));
        let mut judge = |given: &str, terminal: &str| match question.judge(terminal) {
            // Nothing was typed, which the page says before it asks the judge.
            Judgement::Unclear(_) if terminal.trim().is_empty() => {}
            judgement => {
                inputs.push(json!([key, given]));
                verdicts.push(match judgement {
                    Judgement::Right => Some(true),
                    Judgement::Wrong => Some(false),
                    Judgement::Unclear(_) => None,
                });
            }
        };
        if matches!(question.kind, Kind::MultipleChoice { .. }) {
            // The page counts choices from zero, the terminal from one.
            for index in 0..question.choices().len() {
                judge(&index.to_string(), &(index + 1).to_string());
            }
        } else {
            for given in &typed {
                judge(given, given);
            }
        }
    }
    let judge = "([key, given]) => judge(key, given) ?? null";
    let Some(judged) = node::map::<_, Option<bool>>(&["judge.js"], judge, &inputs) else {
        return;
    };
    for ((input, verdict), judged) in inputs.iter().zip(&verdicts).zip(&judged) {
        assert_eq!(judged, verdict, "{input}");
    }
    assert_eq!(judged.len(), verdicts.len());
    let right = verdicts
        .iter()
        .filter(|right| **right == Some(true))
        .count();
    println!("{} answers, {right} of them right", verdicts.len());
}
