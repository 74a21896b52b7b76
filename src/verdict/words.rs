//! What a verdict says, in plain words. The code that shows them decides on the layout.

use std::{fmt, path::Path};

use super::{Place, Verdict};
use crate::{clock::Readable, timeline::Timeline};

/// What a verdict says: in a line, and below it.
#[derive(Clone, Debug)]
pub struct Words {
    /// The verdict in a line.
    pub headline: String,
    /// What is said below it, in order.
    pub below: Vec<Below>,
}

/// One thing that is said below the headline.
#[derive(Clone, Debug)]
pub enum Below {
    /// A point under its name: `What happened`, `Expected`, `Try next`, `Read`.
    Point(&'static str, String),
    /// Points under one name.
    List(&'static str, Vec<String>),
    /// Code, as it is to be typed.
    Code(String),
    /// What the compiler printed, with its colours if they were asked for.
    Compiler(String),
    /// What ran when.
    Timeline(Timeline),
    /// What ran, in lines of text.
    Drawing(String),
}

/// What is known of the chapter that a verdict is about.
#[derive(Clone, Debug)]
pub struct About<'a> {
    /// The name of all of its files: `03_gather`.
    pub slug: &'a str,
    /// The learner's file, as a reader would name it.
    pub file: &'a str,
    /// Why an answer may wait for what never comes, the likeliest cause first.
    pub stuck: &'a [String],
    /// Why an answer may be stopped by the wall clock, the likeliest cause first.
    pub never_returned: &'a [String],
    /// The section of the book that explains the verdict, if there is one.
    pub section: Option<&'a str>,
}

impl Verdict {
    /// The verdict in a line.
    #[must_use]
    pub fn headline(&self) -> String {
        match self {
            Self::Passed => "passed".into(),
            Self::NotStarted { hole, at } => format!("not started, line {}: {hole}", at.line),
            Self::Untouched { at } => format!("not started, line {}: as it came", at.line),
            Self::Wrong { fault, .. } => format!("wrong: {}", fault.name()),
            Self::Panicked { at, .. } if !at.is_in_a_library() => {
                format!("wrong: it panicked at {at}")
            }
            Self::Panicked { at, .. } => format!("wrong: it panicked in a library ({at})"),
            Self::Stuck { .. } => "wrong: it waits for ever".into(),
            Self::DoesNotCompile { .. } => "does not compile".into(),
            Self::Unreadable { cause } => format!("cannot be graded: the file is {cause}"),
            Self::HiddenTestsMissing => "cannot be graded: the last lines are missing".into(),
            Self::NeverReturned { limit, .. } => {
                let limit = Readable(*limit);
                format!("wrong: stopped, because it didn't end within {limit}")
            }
            Self::PrintedTooMuch { limit } => {
                format!(
                    "wrong: stopped, because it printed more than {} KiB",
                    limit / 1024
                )
            }
            Self::OutOfMemory { limit } => {
                let mebibytes = limit >> 20;
                format!("wrong: stopped, because it asked for more than {mebibytes} MiB of memory")
            }
            Self::StackOverflow => "wrong: its stack overflowed".into(),
            Self::PanickedTwice => "wrong: it panicked during another panic".into(),
            Self::CompiledTooLong { limit } => {
                let limit = Readable(*limit);
                format!("does not compile: the compiler was stopped after {limit}")
            }
            Self::CompilerOutOfMemory { limit } => {
                let mebibytes = limit >> 20;
                format!("does not compile: the compiler needed more than {mebibytes} MiB of memory")
            }
            Self::EndedEarly { how } => format!("wrong: the process ended early ({how})"),
        }
    }

    /// All that it says; more, if the chapter is known.
    #[must_use]
    pub fn words(&self, about: Option<&About<'_>>) -> Words {
        let mut below = Vec::new();
        if let Self::DoesNotCompile { error, .. } = self {
            below.push(Below::Compiler(error.trim_end().to_owned()));
        }
        below.extend(self.points());
        below.extend(
            about
                .map(|about| self.of_chapter(about))
                .unwrap_or_default(),
        );
        let timeline = self.timeline().filter(|timeline| !timeline.rows.is_empty());
        below.extend(timeline.cloned().map(Below::Timeline));
        below.extend(self.drawing().map(str::to_owned).map(Below::Drawing));
        if let Some(section) = about.and_then(|about| about.section) {
            below.push(Below::Point("Read", section.to_owned()));
        }
        Words {
            headline: self.headline(),
            below,
        }
    }

    /// What the chapter has to say of it.
    fn of_chapter(&self, about: &About<'_>) -> Vec<Below> {
        let causes = |causes: &[String]| vec![Below::List("Likely causes", causes.to_vec())];
        let slug = about.slug;
        match self {
            // A file in another encoding isn't lost, and the headline says how to save it.
            Self::Unreadable { cause } if cause.contains("UTF-8") => Vec::new(),
            Self::Unreadable { .. } => {
                let number = slug.split('_').next().unwrap_or(slug);
                vec![Below::Point(
                    "Try next",
                    format!(
                        "restore it from your editor's history, or start again with `cargo run -- reset {number}`"
                    ),
                )]
            }
            Self::HiddenTestsMissing => {
                let name = slug.split_once('_').map_or(slug, |(_, name)| name);
                vec![
                    Below::Point(
                        "Try next",
                        format!("put this line back at the end of {}:", about.file),
                    ),
                    Below::Code(format!("hidden_{name}::grade!();")),
                ]
            }
            Self::Stuck { .. } => causes(about.stuck),
            Self::NeverReturned { .. } => causes(about.never_returned),
            _ => Vec::new(),
        }
    }

    /// What is said below the headline, whatever the chapter.
    fn points(&self) -> Vec<Below> {
        let points: [(&'static str, &str); 3] = match self {
            Self::Wrong { fault, .. } => said(&fault.happened, &fault.expected, &fault.next),
            Self::Untouched { .. } => said(
                "",
                "",
                "compare the report at the head of the file with what this function does, and mend it if it isn't sound",
            ),
            Self::Panicked { message, at, .. } => {
                said(message, "the code doesn't panic", after_panic(message, at))
            }
            Self::Stuck { .. } => said(
                "every future was waiting, and nothing was left on this runtime to wake any of them",
                "whatever the code awaits comes to an end",
                "",
            ),
            Self::DoesNotCompile {
                in_hidden_tests: true,
                ..
            } => said(
                "",
                "",
                "restore the names, arguments and results that your functions came with: this error is where the tests call them",
            ),
            Self::HiddenTestsMissing => said(
                "the file compiled, but without its last line it has no hidden tests",
                "",
                "",
            ),
            Self::NeverReturned { .. } => said(
                "the code was still running, or blocking a thread, when it had used up its time on the wall clock",
                "every function returns, and awaits whatever takes time",
                "",
            ),
            Self::PrintedTooMuch { .. } => said("", "", "find the loop that prints and never ends"),
            Self::OutOfMemory { .. } => said(
                "",
                "",
                "find the collection that grows in a loop without end",
            ),
            Self::StackOverflow => said(
                "",
                "",
                "find the function that calls itself without end, or the very large array on the stack",
            ),
            Self::PanickedTwice => said(
                "during a panic, something that was dropped panicked as well, which ends the process",
                "a `drop` releases what the value holds, and doesn't panic",
                "in the `drop` of your own types, remove whatever can panic, such as `unwrap` and `expect`",
            ),
            Self::CompiledTooLong { .. } => said(
                "the compiler was still busy with this file when its time was over, and was stopped",
                "a file of this size compiles in a second or two",
                "find the constant that loops, the macro that calls itself, or the type that contains itself again and again",
            ),
            Self::CompilerOutOfMemory { .. } => said(
                "the compiler asked for more and more memory for this file, and was stopped",
                "a file of this size needs about 200 MiB",
                "find the `include_bytes!` or `include_str!` of a large file, or the macro or type that keeps doubling",
            ),
            Self::EndedEarly { .. } => said(
                "the process ended before the hidden test had a result",
                "the functions return their results, and don't end the process",
                "remove `std::process::exit` and `abort`",
            ),
            Self::Passed
            | Self::NotStarted { .. }
            | Self::DoesNotCompile { .. }
            | Self::Unreadable { .. } => return Vec::new(),
        };
        points
            .into_iter()
            .filter(|(_, words)| !words.is_empty())
            .map(|(name, words)| Below::Point(name, words.to_owned()))
            .collect()
    }
}

fn said<'a>(happened: &'a str, expected: &'a str, next: &'a str) -> [(&'static str, &'a str); 3] {
    [
        ("What happened", happened),
        ("Expected", expected),
        ("Try next", next),
    ]
}

fn after_panic(message: &str, at: &Place) -> &'static str {
    if let Some((_, next)) = KNOWN_PANICS
        .iter()
        .find(|(words, _)| message.contains(words))
    {
        return next;
    }
    // The upstream's message names the path. The place in the upstream's code doesn't help.
    if at.file.ends_with("src/services/upstream.rs") {
        "compare the path that you pass to `fetch` with the task's: `fetch` panics if there's no such page, or if the upstream fails"
    } else if at.is_in_a_library() {
        "find where your code calls the library that panicked: it may pass nothing, or call once too often"
    } else {
        "at the line that panicked, handle the missing value: `unwrap`, `expect` and an index all promise that there is one"
    }
}

/// What to try after panics of the standard library, of tokio and of the futures crate, recognised by their messages.
const KNOWN_PANICS: [(&str, &str); 13] = [
    (
        "Cannot start a runtime from within a runtime",
        "await the future instead of passing it to `block_on`: this code already runs on a runtime",
    ),
    (
        "Cannot block the current thread from within a runtime",
        "await `lock`, `recv` or `send` instead of calling `blocking_lock`, `blocking_recv` or `blocking_send`, which are for threads outside a runtime",
    ),
    (
        "cannot execute `LocalPool` executor from within another executor",
        "await the future instead of passing it to `futures::executor::block_on`: this code already runs on an executor",
    ),
    (
        "Cannot drop a runtime in a context where blocking is not allowed",
        "remove the runtime that you make in async code: the runtime that polls this code can do the same work",
    ),
    (
        "can call blocking only when running on the multi-threaded runtime",
        "replace `block_in_place` with `spawn_blocking`, or await: `block_in_place` doesn't work on a `current_thread` runtime",
    ),
    (
        "there is no reactor running",
        "spawn tasks and make timers in async code, or through a `Handle`: this thread isn't inside a runtime",
    ),
    (
        "resumed after completion",
        "don't poll a future again after it has ended: in a loop around `select!`, disable the arm once its future is done",
    ),
    (
        "resumed after panicking",
        "drop a future once it has panicked, instead of polling it again",
    ),
    (
        "JoinHandle polled after completion",
        "keep a task's output the first time, instead of awaiting its handle again",
    ),
    (
        "all branches are disabled and there is no else branch",
        "give the `select!` an `else` arm, or leave the loop earlier: every arm had ended or was disabled",
    ),
    (
        "JoinError::Cancelled",
        "match on the `JoinError` instead of unwrapping it, or don't abort the task: this one was aborted",
    ),
    (
        "JoinError::Panic",
        "fix the panic of the task, which came first: unwrapping its `JoinError` only passed it on",
    ),
    (
        "Elapsed(())",
        "remove your own timeout, or match on its error instead of unwrapping it: it ran out",
    ),
];

impl Place {
    /// The compiler is given the files of a workspace by where they are in it, and all others by where they are on the
    /// disk. Panics of the standard library's own have its place of birth.
    fn is_in_a_library(&self) -> bool {
        Path::new(&self.file).is_absolute() || self.file.starts_with("/rustc/")
    }
}

/// Shows control characters instead of sending them to the terminal, which would obey them, and so the characters that
/// change the direction of the text, after which a line would read otherwise than it was written.
#[must_use]
pub fn escape_control(text: &str) -> String {
    // The embeddings, overrides and isolates of Unicode's bidirectional algorithm, and its three marks.
    const DIRECTION: [(char, char); 4] = [
        ('\u{202A}', '\u{202E}'),
        ('\u{2066}', '\u{2069}'),
        ('\u{200E}', '\u{200F}'),
        ('\u{061C}', '\u{061C}'),
    ];
    let changes_direction = |c| {
        DIRECTION
            .iter()
            .any(|&(first, last)| (first..=last).contains(&c))
    };
    text.chars().fold(String::new(), |mut shown, c| {
        if (c.is_control() && c != '\n' && c != '\t') || changes_direction(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
        shown
    })
}

/// The verdict as it stands alone, where `cargo test` prints a hidden test.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Words { headline, below } = self.words(None);
        writeln!(f, "Verdict: {}", escape_control(&headline))?;
        for below in below {
            match below {
                Below::Point(name, words) => writeln!(f, "{name:15}{}", escape_control(&words))?,
                Below::List(name, items) => {
                    writeln!(f, "{name:15}{}", escape_control(&items.join("; ")))?;
                }
                Below::Timeline(timeline) => write!(f, "\n{timeline}")?,
                Below::Code(lines) | Below::Compiler(lines) => {
                    writeln!(f, "{}", escape_control(&lines))?;
                }
                Below::Drawing(lines) => write!(f, "\n{}", escape_control(&lines))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{timeline::Timeline, verdict::Fault};

    #[test]
    fn a_verdict_can_be_read_as_it_stands() {
        let fault = Fault::new("awaits_in_a_loop")
            .happened("one call after the other")
            .next("`join_all`")
            .drawn("a --\nb   --\n");
        let verdict = Verdict::Wrong {
            fault,
            timeline: Timeline::default(),
        };
        assert_eq!(
            verdict.to_string(),
            "Verdict: wrong: awaits in a loop\n\
             What happened  one call after the other\n\
             Try next       `join_all`\n\
             \n\
             a --\n\
             b   --\n"
        );
        assert_eq!(Verdict::Passed.to_string(), "Verdict: passed\n");
    }

    #[test]
    fn a_panic_of_tokios_says_what_to_use_instead() {
        let verdict = Verdict::Panicked {
            message: "Cannot start a runtime from within a runtime. This happens".into(),
            at: Place {
                file: "tokio/src/runtime/context/runtime.rs".into(),
                line: 7,
            },
            timeline: Timeline::default(),
        };
        let shown = verdict.to_string();
        assert!(shown.contains("await the future instead"), "{shown}");
    }

    #[test]
    fn a_message_is_shown_and_not_obeyed() {
        let verdict = Verdict::Panicked {
            message: "red \u{1b}[31m".into(),
            at: Place {
                file: "gather.rs".into(),
                line: 7,
            },
            timeline: Timeline::default(),
        };
        let shown = verdict.to_string();
        assert!(shown.contains("red \\u{1b}[31m"), "{shown}");
        assert_eq!(escape_control("a\u{202E}b"), "a\\u{202e}b");
    }
}
