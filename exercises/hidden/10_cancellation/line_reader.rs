//! The hidden tests of `line_reader`.

mod input;
mod judgement;
mod script;
mod use_of;

use std::io;

use async_workbook::{
    harness::{Task, ms, task},
    timeline::Recorder,
    verdict::{Fault, ensure, examine, show},
};
use futures::future::join;
use tokio::time::{Instant, timeout};

pub use self::input::Input;
use self::{
    input::Feed,
    judgement::{left_alone, when_dropped},
    script::Script,
    use_of::{Manner, read},
};
use crate::{
    Answer,
    dropping::{ALMOST_ALL_STEPS, HANGS},
    faults::{Checked, no_task_is_left, shared},
};

pub(crate) const TASK: Task<Answer> = task!(
    line_reader: lines_come_as_they_arrive,
    two_readers_keep_their_bytes_apart,
    an_error_of_the_input_is_returned,
    nothing_is_lost_at_ticks,
    nothing_is_lost_when_every_poll_is_dropped,
    nothing_is_lost_at_any_poll,
    nothing_is_lost_in_haste,
    nothing_is_left_running,
    an_error_is_told_from_the_end,
);

fn lines_come_as_they_arrive(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let scripts = Script::all().into_iter();
        for script in scripts.chain([Script::huge(), Script::idle()]) {
            recorder.restart();
            let read = read(answer, &script, Manner::LeftAlone).await;
            left_alone(&script, &read)?;
            show(|| judgement::drawing(&script, &read));
        }
        Ok(())
    });
}

fn two_readers_keep_their_bytes_apart(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        recorder.restart();
        let (one, other) = (
            Script::slow(),
            Script::new(&[(5, b"on"), (15, b"e\nt"), (45, b"wo\n")], 60),
        );
        let reads = join(
            read(answer, &one, Manner::LeftAlone),
            read(answer, &other, Manner::LeftAlone),
        );
        let (first, second) = reads.await;
        left_alone(&one, &first).map_err(shared)?;
        left_alone(&other, &second).map_err(shared)
    });
}

fn an_error_of_the_input_is_returned(answer: &Answer) {
    examine(async |_recorder: &Recorder| fails(answer, io::ErrorKind::ConnectionReset).await);
}

/// `read_u8` and `read_exact` say the same at the end of the input.
fn an_error_is_told_from_the_end(answer: &Answer) {
    examine(async |_recorder: &Recorder| fails(answer, io::ErrorKind::UnexpectedEof).await);
}

/// The input fails in the middle of its second line.
async fn fails(answer: &Answer, kind: io::ErrorKind) -> Checked {
    const DETAIL: &str = "the cable was pulled";
    let script = Script::new(&[(10, b"hi\nhal"), (20, b"f")], 30);
    let failing = Feed::failing(&script, io::Error::new(kind, DETAIL));
    let mut lines = (answer.line_reader)(Box::new(failing));
    let reading = async { (lines.call_next().await, lines.call_next().await) };
    let (first, second) = timeout(HANGS, reading)
        .await
        .map_err(|_| lost_error(kind, "waited for ever"))?;
    ensure(matches!(&first, Ok(Some(line)) if line == "hi"), || {
        lost_error(kind, "didn't return the line that had come before")
    })?;
    let error = match second {
        Err(error) => error,
        Ok(line) => return Err(lost_error(kind, &format!("returned {line:?}"))),
    };
    ensure(error.kind() == kind && error.to_string() == DETAIL, || {
        Fault::new("error_detail_lost")
            .happened(format!("the input failed with `{kind:?}` and the text \"{DETAIL}\", and `next` returned another error: `{:?}`, \"{error}\"", error.kind()))
            .expected("`next` returns the error of the input as it is")
            .next("pass the error on with `?`. A codec wraps it: take it out of `LinesCodecError::Io(error)`")
    })
}

fn lost_error(kind: io::ErrorKind, what: &str) -> Fault {
    Fault::new("error_swallowed")
        .happened(format!("the input failed with `{kind:?}` in the middle of its second line, and `next` {what}"))
        .expected("`next` returns the lines that have arrived, and then the error of the input")
        .next("return the error with `?`: an error isn't the end of the input, which is a read of 0 bytes")
}

fn nothing_is_lost_at_ticks(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (script, ticks) in [
            (Script::slow(), 35),
            (Script::slow(), 7),
            (Script::long(), 35),
        ] {
            recorder.restart();
            let read = read(answer, &script, Manner::Ticks(ticks)).await;
            when_dropped(
                &script,
                &read,
                &format!("every {ticks} ms, the call of `next` was dropped, and the next one made"),
            )?;
        }
        Ok(())
    });
}

fn nothing_is_lost_when_every_poll_is_dropped(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for script in Script::all() {
            recorder.restart();
            let read = read(answer, &script, Manner::EveryPoll).await;
            when_dropped(
                &script,
                &read,
                "each call of `next` was dropped at its first poll, unless it returned a line",
            )?;
        }
        Ok(())
    });
}

fn nothing_is_lost_at_any_poll(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let script = Script::slow();
        for poll in 0..1000 {
            recorder.restart();
            let read = read(answer, &script, Manner::AtPoll(poll)).await;
            when_dropped(
                &script,
                &read,
                &format!("one call of `next` was dropped, at poll {poll} of all"),
            )?;
            if read.drops.is_empty() {
                return Ok(());
            }
        }
        Ok(())
    });
}

fn nothing_is_lost_in_haste(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let script = Script::slow();
        for steps in ALMOST_ALL_STEPS {
            for odd in [false, true] {
                recorder.restart();
                let read = read(answer, &script, Manner::InHaste { steps, odd }).await;
                when_dropped(
                    &script,
                    &read,
                    "each call of `next` was dropped at its first poll, unless it returned a line, and its task had done much before",
                )?;
            }
        }
        Ok(())
    });
}

fn nothing_is_left_running(answer: &Answer) {
    examine(async |_recorder: &Recorder| {
        let script = Script::new(&[(10, b"hi\n"), (60_000, b"ho\n")], 90_000);
        let feed = Feed::new(&script, Instant::now());
        let mut lines = (answer.line_reader)(Box::new(feed));
        let first = timeout(ms(1000), lines.call_next()).await;
        drop(first);
        let second = timeout(ms(1000), lines.call_next()).await;
        drop(second);
        drop(lines);
        no_task_is_left("the `LineReader` was dropped, and").await
    });
}
