//! A lesson in the workbook: predict, watch it run, compare.

use std::{io, process::Stdio, time::Duration};

use ::quiz::Judgement;
use async_workbook::timeline::Charset;
use crossterm::event::KeyEvent;
use process_wrap::tokio::CommandWrap;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, BufReader},
    sync::{mpsc, watch},
    time::Instant,
};
use tokio_util::task::AbortOnDropHandle;

use super::input::Input;
use crate::{
    console::stopwatch,
    context::Context,
    course::{Chapter, Course},
    grade::{self, ExecutableError, Stages, process_group::ProcessGroup},
    lesson::{self, Transcript, compared},
    report,
    text::{Text, quiet},
};

/// A lesson, from the question to the comparison.
#[derive(Debug)]
pub(super) struct Lesson {
    chapter: Chapter,
    stage: Stage,
    given: Option<String>,
    transcript: Transcript,
}

#[derive(Debug)]
enum Stage {
    /// The learner is asked what to expect; the words say why the last line was no answer.
    Asked(Input, Option<&'static str>),
    /// It runs.
    Running(Run),
    /// It has ended: well, or for this reason.
    Ended(Result<(), String>),
}

/// A running lesson. Dropping it ends the lesson.
#[derive(Debug)]
struct Run {
    output: mpsc::Receiver<Output>,
    /// How far it is.
    stage: watch::Receiver<grade::Stage>,
    since: Instant,
    _task: AbortOnDropHandle<()>,
}

/// What comes of a running lesson.
#[derive(Debug)]
pub(super) enum Output {
    /// It printed a line.
    Line(String),
    /// It ended: well, or for this reason.
    Ended(Result<(), String>),
}

impl Lesson {
    /// Asks what to expect of a chapter's lesson.
    pub(super) fn ask(course: &Course, chapter: &Chapter) -> Self {
        Self {
            chapter: chapter.clone(),
            stage: Stage::Asked(Input::default(), None),
            given: None,
            transcript: Transcript::new(course, chapter),
        }
    }

    /// Waits for the next that comes of it; for ever, if it does not run.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost if this is dropped.
    pub(super) async fn output(&mut self) -> Output {
        match &mut self.stage {
            Stage::Running(run) => run
                .output
                .recv()
                .await
                .unwrap_or_else(|| Output::Ended(Err("its output ended too soon".into()))),
            Stage::Asked(..) | Stage::Ended(_) => std::future::pending().await,
        }
    }

    /// Takes note of what came.
    pub(super) fn take_output(&mut self, output: Output) {
        match output {
            Output::Line(line) => {
                self.transcript.take(&line);
            }
            Output::Ended(how) => self.stage = Stage::Ended(how),
        }
    }

    /// Takes a key, and returns what was predicted once it is entered; the lesson runs from then on.
    pub(super) fn take_key(
        &mut self,
        key: &KeyEvent,
        context: &Context,
        columns: usize,
    ) -> Option<String> {
        let Stage::Asked(line, unclear) = &mut self.stage else {
            return None;
        };
        let given = line.take(key)?.trim().to_owned();
        if let Judgement::Unclear(why) = lesson::judge(&self.chapter.prediction, &given) {
            *unclear = Some(why);
            return None;
        }
        self.stage = Stage::Running(Run::start(context, &self.chapter, columns));
        self.given = Some(given).filter(|given| !given.is_empty());
        self.given.clone()
    }

    /// The chapter that it belongs to.
    pub(super) fn slug(&self) -> &str {
        &self.chapter.slug
    }

    /// How long it has been running; nothing while it does not.
    pub(super) fn running_for(&self) -> Option<Duration> {
        match &self.stage {
            Stage::Running(run) => Some(run.since.elapsed()),
            Stage::Asked(..) | Stage::Ended(_) => None,
        }
    }

    /// Whether keys are letters of an answer.
    pub(super) fn is_typing(&self) -> bool {
        matches!(self.stage, Stage::Asked(..))
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&self) -> bool {
        matches!(self.stage, Stage::Ended(_))
    }

    /// What is to be seen of it, in so many columns.
    pub(super) fn text(&self, columns: usize, charset: Charset) -> Text {
        let mut text = report::prediction_text(&self.chapter);
        match &self.stage {
            Stage::Asked(_, unclear) => {
                if let Some(why) = unclear {
                    text.blank();
                    text.line(*why);
                }
                return text;
            }
            Stage::Running(_) | Stage::Ended(_) => {
                let given = self.given.as_deref().unwrap_or("(no answer)");
                text.line(quiet(format!("> {given}")));
                text.blank();
            }
        }
        text.add(self.transcript.text(columns, charset));
        if let Stage::Ended(how) = &self.stage {
            text.blank();
            text.add(match how {
                Ok(()) => compared(&self.chapter, self.given.as_deref()),
                Err(why) => Text::kept(&format!("The lesson ended early: {why}.")),
            });
        }
        text
    }

    /// What is being typed.
    pub(super) fn input(&self) -> Option<&Input> {
        match &self.stage {
            Stage::Asked(line, _) => Some(line),
            Stage::Running(_) | Stage::Ended(_) => None,
        }
    }

    /// What happens now.
    pub(super) fn status(&self) -> String {
        let Stage::Running(run) = &self.stage else {
            return String::new();
        };
        match &*run.stage.borrow() {
            grade::Stage::Running => {
                let seconds = run.since.elapsed().as_secs_f64();
                format!("running the lesson… {seconds:.1} s")
            }
            stage => format!("{stage}… {}", stopwatch(run.since.elapsed())),
        }
    }
}

impl Run {
    fn start(context: &Context, chapter: &Chapter, columns: usize) -> Self {
        let (stages, stage) = Stages::channel();
        let (course, chapter) = (context.course.clone(), chapter.clone());
        let (sender, output) = mpsc::channel(256);
        let task = tokio::spawn(async move {
            let how = build_and_run(&course, &chapter, columns, stages, &sender).await;
            // Whoever was listening may be gone; then nobody asks.
            drop(sender.send(Output::Ended(how)).await);
        });
        Self {
            output,
            stage,
            since: Instant::now(),
            _task: AbortOnDropHandle::new(task),
        }
    }
}

async fn build_and_run(
    course: &Course,
    chapter: &Chapter,
    columns: usize,
    stages: Stages,
    sender: &mpsc::Sender<Output>,
) -> Result<(), String> {
    let built = lesson::build(course, chapter, false, stages).await;
    let (mut command, warnings) = match built {
        Ok(lesson) => (lesson.command, lesson.warnings),
        // Whoever tries things out in a lesson is told by the compiler.
        Err(ExecutableError::Failed(why)) => {
            let shown = lines(why.as_bytes(), sender).await;
            return Err(
                shown.map_or_else(|error| error.to_string(), |()| "it does not compile".into())
            );
        }
        Err(error) => return Err(error.to_string()),
    };
    command
        .env("COLUMNS", columns.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let end = async {
        lines(warnings.as_bytes(), sender).await?;
        let mut group = ProcessGroup::spawn(CommandWrap::from(command))?;
        let streams = (group.child.stdout().take(), group.child.stderr().take());
        let (Some(out), Some(err)) = streams else {
            return Err(io::Error::other("its output cannot be read"));
        };
        let (status, (), ()) =
            tokio::try_join!(group.wait(), lines(out, sender), lines(err, sender))?;
        Ok(status)
    };
    match end.await {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(status.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

async fn lines(stream: impl AsyncRead + Unpin, sender: &mpsc::Sender<Output>) -> io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    while let Some(line) = lines.next_line().await? {
        if sender.send(Output::Line(line)).await.is_err() {
            break;
        }
    }
    Ok(())
}
