//! Every "what does it print" in the quizzes is proved by compiling and running the program.

use std::{process::Stdio, time::Duration};

use proofs::scratch::{Scratch, workbook};
use quiz::{Kind, Quiz};
use tokio::{process::Command, time::timeout};
use workbook::{course::Course, grade::Built};

#[tokio::test]
async fn every_program_does_what_its_answer_says() {
    let mut scratch = Scratch::new().expect("the target folder can be written");
    let mut traced = Vec::new();
    for chapter in Course::open(&workbook())
        .expect("this is the workbook")
        .chapters()
    {
        let file = workbook()
            .join("quiz")
            .join(format!("{}.toml", chapter.slug));
        let quiz = Quiz::read(&file).unwrap_or_else(|error| panic!("{error}"));
        assert!(
            quiz.questions.len() >= 6,
            "{}: six questions or more",
            file.display()
        );
        let mut proved = 0;
        for question in quiz.questions {
            let prefix = format!("{}-", chapter.number());
            assert!(
                question.id.starts_with(&prefix),
                "{} begins with {prefix}",
                question.id
            );
            if let Kind::Tracing { prompt, answer } = question.kind {
                scratch
                    .add_program(&question.id, &prompt.program, chapter)
                    .expect("the target folder can be written");
                traced.push((question.id, answer));
                proved += 1;
            }
        }
        assert!(proved >= 2, "{}: two programs or more", file.display());
    }
    let grader = scratch.grader().expect("the target folder can be written");
    let built = grader.build(scratch.answers()).await.expect("cargo works");
    for (id, answer) in &traced {
        match (&built[id.as_str()], &answer.stdout) {
            (Built::Failed(_), None) => {}
            (Built::Program(program), Some(expected)) => {
                let ran = Command::new(program)
                    .stdin(Stdio::null())
                    .kill_on_drop(true)
                    .output();
                let ended = timeout(Duration::from_secs(60), ran).await;
                let output = ended
                    .unwrap_or_else(|_| panic!("{id}: it hangs"))
                    .expect("it was just built");
                assert!(
                    output.status.success(),
                    "{id}: {}",
                    String::from_utf8_lossy(&output.stderr)
                );
                assert_eq!(&String::from_utf8_lossy(&output.stdout), expected, "{id}");
            }
            (built, _) => panic!("{id}: {built:?}, and yet the answer is {answer:?}"),
        }
    }
}
