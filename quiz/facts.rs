//! Every answer that is chosen or typed is proved by a test that runs what the question tells. What programs print is proved
//! by `proof.rs`.
//!
//! `facts` has a module for each chapter, and in it a test for each question, which has the question's name.

#[path = "facts/background_tasks.rs"]
mod background_tasks;
#[path = "facts/blocking.rs"]
mod blocking;
#[path = "facts/cancellation.rs"]
mod cancellation;
#[path = "facts/databases.rs"]
mod databases;
#[path = "facts/endpoints.rs"]
mod endpoints;
#[path = "facts/errors.rs"]
mod errors;
#[path = "facts/gather.rs"]
mod gather;
#[path = "facts/http_clients.rs"]
mod http_clients;
#[path = "facts/performance.rs"]
mod performance;
#[path = "facts/pitfalls.rs"]
mod pitfalls;
#[path = "facts/runtime.rs"]
mod runtime;
#[path = "facts/semaphores.rs"]
mod semaphores;
#[path = "facts/shared_state.rs"]
mod shared_state;
#[path = "facts/streams.rs"]
mod streams;
#[path = "facts/sync_vs_async.rs"]
mod sync_vs_async;
#[path = "facts/testing.rs"]
mod testing;
#[path = "facts/timeouts.rs"]
mod timeouts;
#[path = "facts/websockets.rs"]
mod websockets;

use std::{collections::BTreeSet, fs, time::Duration};

use proofs::scratch::workbook;
use quiz::{Kind, Quiz};
use tokio::time::Instant;
use workbook::course::Course;

/// The questions that no test answers, each with what does instead.
const NOT_RUN: [(&str, &str); 14] = [
    ("01-csharp-starts", "it's about C#"),
    ("01-which-endpoint-blocks", "the book runs it with FastAPI"),
    ("04-siblings-of-gather", "the book runs it with asyncio"),
    ("04-what-the-client-is-told", "it asks what is wise"),
    ("05-may-a-post-be-retried", "it asks what is wise"),
    ("05-a-limit-on-each-read", "it's about httpx"),
    ("07-is-it-durable", "no test survives being killed"),
    ("08-thousand-files", "the bench measures it"),
    ("15-origin", "it's about browsers"),
    (
        "17-connections-per-request",
        "the lesson counts connections",
    ),
    ("17-everything-stalls", "it asks for a tool"),
    ("17-customers-without-mail", "the lesson loses a panic"),
    ("17-no-timeout", "the lesson's call never ends"),
    ("17-other-end", "it asks for a tool"),
];

#[test]
fn every_answer_is_proved_or_says_why_not() {
    let mut not_run: BTreeSet<&str> = NOT_RUN.iter().map(|(id, _)| *id).collect();
    let course = Course::open(&workbook()).expect("this is the workbook");
    for chapter in course.chapters() {
        let (_, name) = chapter
            .slug
            .split_once('_')
            .expect("a slug is a number and a name");
        let facts = workbook().join(format!("quiz/facts/{name}.rs"));
        let facts = fs::read_to_string(&facts)
            .unwrap_or_else(|error| panic!("{}: {error}", facts.display()));
        let quiz = Quiz::read(&workbook().join(chapter.quiz())).expect("it has a quiz");
        for question in quiz.questions {
            if matches!(question.kind, Kind::Tracing { .. }) || not_run.remove(&*question.id) {
                continue;
            }
            let (_, test) = question
                .id
                .split_once('-')
                .expect("an id begins with the chapter");
            let test = format!("fn {}()", test.replace('-', "_"));
            assert!(
                facts.contains(&test),
                "{}: add `{test}` to quiz/facts/{name}.rs",
                question.id
            );
        }
    }
    assert!(not_run.is_empty(), "no such question: {not_run:?}");
}

/// How long this takes, on a paused clock.
async fn time(work: impl Future) -> Duration {
    let start = Instant::now();
    work.await;
    start.elapsed()
}
