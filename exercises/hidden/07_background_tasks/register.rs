//! The hidden tests of `register`.

use std::{sync::Arc, time::Duration};

use async_workbook::{
    clock::{Readable, timed},
    harness::{Task, counted, ms, task},
    services::mailer::SimulatedMailer,
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use tokio::time::{Instant, sleep};
use tower::ServiceExt as _;

use crate::{
    Answer, HOUR, Owner, Report,
    background::Background,
    faults::{left_running, were},
    scenario::{aborts_what_is_late, does_its_part, runs_what_it_accepts},
};

pub(crate) const TASK: Task<Answer> = task!(
    register: the_answer_does_not_wait_for_the_mail,
    a_mail_that_is_not_accepted_is_not_promised,
    the_shutdown_waits_for_the_mail,
    a_mail_that_fails_is_a_job_that_fails,
    a_mail_that_is_aborted_is_not_sent,
);

/// Sends a registration, and ensures that the answer comes at once.
async fn register(
    background: &dyn Owner,
    mailer: &Arc<SimulatedMailer>,
    to: &str,
) -> Result<StatusCode, Fault> {
    let (status, took) = timed(background.call_register(mailer.clone(), to.into())).await;
    at_once(took)?;
    Ok(status)
}

fn at_once(took: Duration) -> Result<(), Fault> {
    ensure(took.is_zero(), || {
        Fault::new("response_delayed_by_job")
            .happened(format!("the user waited {} for the answer", Readable(took)))
            .expected("the answer comes at once, 0 ms later, and the mail afterwards")
            .next("in `register`, move the `.await` into the job that you submit")
    })
}

fn status_is(found: StatusCode, expected: StatusCode, when: &str) -> Result<(), Fault> {
    ensure(found == expected, || {
        Fault::new("wrong_status_returned")
            .happened(format!("{when}, the answer was {found}"))
            .expected(format!("the answer is {expected}"))
            .next("in `register`, match on what `submit` returns: answer `202 Accepted` for `Ok`, and `503 Service Unavailable` for `Err`")
    })
}

fn sent_once(attempts: usize, mails: usize) -> Result<(), Fault> {
    ensure(attempts <= mails, || {
        Fault::new("unrequested_retry")
            .happened(format!(
                "for {}, `send` was called {attempts} times",
                counted(mails, "registration")
            ))
            .expected(
                "each registration calls `send` once: you can't take back a mail that has gone out",
            )
            .next("in `register`, submit one job with one `send` in it, and don't retry")
    })
}

fn never_sent(how: String) -> Fault {
    Fault::new("future_never_awaited")
        .happened(format!("the answer was 202 Accepted, and {how}"))
        .expected("the mail goes out by itself, as soon as the mailer has sent it")
        .next("in the job, await `mailer.send(…)`: a future that you never poll sends nothing")
}

fn sent_behind_its_back(happened: String) -> Fault {
    left_running(happened)
        .expected("the mail is a job of `background`, which bounds, counts and awaits it")
        .next("in `register`, pass the job to `background.submit` instead of `tokio::spawn`, and await `send` in the job itself")
}

fn the_answer_does_not_wait_for_the_mail(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        runs_what_it_accepts(answer, recorder).await?;
        for (latency, to) in [
            (2000, "ada@example.org"),
            (5000, "Grace.Hopper@example.com"),
            (HOUR, "niklaus@example.ch"),
        ] {
            recorder.restart();
            let start = Instant::now();
            let mailer = Arc::new(SimulatedMailer::new(ms(latency)));
            let background = Background::new(answer, 3);
            let request = Request::post(format!("/register/{to}"))
                .body(Body::empty())
                .expect("it is a request");
            let service = background.share().call_app(mailer.clone());
            let (response, took) = timed(service.oneshot(request)).await;
            let Ok(response) = response;
            at_once(took)?;
            status_is(response.status(), StatusCode::ACCEPTED, "there was room")?;
            sleep(ms(latency + 1)).await;
            let (sent, attempts) = (mailer.sent(), mailer.attempts());
            sent_once(attempts, 1)?;
            ensure(attempts == 1, || {
                never_sent("`send` had never been called by the time the mail was due".into())
            })?;
            ensure(sent.len() == 1 && sent[0].at == start + ms(latency), || {
                never_sent(format!(
                    "the mail hadn't gone out after {}, which is as long as the mailer takes",
                    Readable(ms(latency))
                ))
            })?;
            ensure(sent[0].to == to && sent[0].text == "Welcome!", || {
                Fault::new("data_altered")
                    .happened(format!("a mail to {} said `{}`", sent[0].to, sent[0].text))
                    .expected(format!("the mail to {to} says `Welcome!`"))
                    .next("in `register`, pass `to` and the text `Welcome!` to `send` unchanged")
            })?;
        }
        Ok(())
    });
}

fn a_mail_that_is_not_accepted_is_not_promised(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        does_its_part(answer, recorder).await?;
        let mailer = Arc::new(SimulatedMailer::new(ms(2000)));
        let background = Background::new(answer, 2);
        let first = register(&*background, &mailer, "first@example.org").await?;
        status_is(first, StatusCode::ACCEPTED, "there was room")?;
        let second = register(&*background, &mailer, "second@example.org").await?;
        status_is(second, StatusCode::ACCEPTED, "there was room")?;
        let third = register(&*background, &mailer, "third@example.org").await?;
        sleep(ms(2001)).await;
        not_promised(third, &mailer, "third@example.org", "there was no room")?;
        // A place that was given back has room for the next mail.
        let fourth = register(&*background, &mailer, "fourth@example.org").await?;
        status_is(fourth, StatusCode::ACCEPTED, "there was room again")?;
        background.call_shutdown(ms(5000)).await;
        let fifth = register(&*background, &mailer, "fifth@example.org").await?;
        sleep(ms(2001)).await;
        not_promised(
            fifth,
            &mailer,
            "fifth@example.org",
            "the service was shut down",
        )
    });
}

fn not_promised(
    status: StatusCode,
    mailer: &SimulatedMailer,
    to: &str,
    why: &str,
) -> Result<(), Fault> {
    let sent = mailer.sent().iter().any(|sent| sent.to == to);
    ensure(!sent, || {
        sent_behind_its_back(format!("{why}, but a mail was sent all the same"))
    })?;
    ensure(status != StatusCode::ACCEPTED, || {
        Fault::new("refusal_ignored")
            .happened(format!(
                "{why}, the answer was 202 Accepted, and no mail was ever sent"
            ))
            .expected("the answer is 503 Service Unavailable: a user who knows can try again")
            .next(
                "in `register`, match on what `submit` returns: `Err` means that the job won't run",
            )
    })?;
    status_is(status, StatusCode::SERVICE_UNAVAILABLE, why)
}

fn the_shutdown_waits_for_the_mail(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        does_its_part(answer, recorder).await?;
        for users in [1, 7] {
            recorder.restart();
            let mailer = Arc::new(SimulatedMailer::new(ms(2000)));
            let background = Background::new(answer, users);
            for user in 0..users {
                let status =
                    register(&*background, &mailer, &format!("user{user}@example.org")).await?;
                status_is(status, StatusCode::ACCEPTED, "there was room")?;
            }
            let report = background.call_shutdown(ms(10_000)).await;
            let sent = mailer.sent().len();
            ensure(report.done != users || mailer.attempts() > 0, || {
                never_sent("the job ended without calling `send`".into())
            })?;
            sent_once(mailer.attempts(), users)?;
            ensure(report.aborted == 0, || {
                Fault::new("unrequested_concurrency_limit")
                    .happened(format!(
                        "{sent} of {} had gone out after 10 s, and {} aborted",
                        counted(users, "mail"),
                        were(report.aborted, "job")
                    ))
                    .expected("mails that take 2 s each are sent at the same time, and have all gone out after 2 s")
                    .next("in the job, remove the lock around `send`, or whatever else makes one mail wait for another")
            })?;
            ensure(report.done >= users && sent == users, || {
                sent_behind_its_back(format!(
                    "{sent} of {} had gone out when the shutdown was over, and the report says {} done",
                    counted(users, "promised mail"),
                    report.done
                ))
            })?;
        }
        Ok(())
    });
}

fn a_mail_that_fails_is_a_job_that_fails(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        does_its_part(answer, recorder).await?;
        let mailer = SimulatedMailer::new(ms(2000))
            .fails_for("nobody@example.org")
            .fails_for("nowhere@example.org");
        let mailer = Arc::new(mailer);
        let background = Background::new(answer, 8);
        for to in ["nobody", "ada", "nowhere"] {
            let status = register(&*background, &mailer, &format!("{to}@example.org")).await?;
            status_is(status, StatusCode::ACCEPTED, "there was room")?;
        }
        let report = background.call_shutdown(ms(10_000)).await;
        let expected = Report {
            done: 1,
            failed: 2,
            ..Report::default()
        };
        ensure(report != Report::default(), || {
            sent_behind_its_back("three mails were promised, and the report counts no job".into())
        })?;
        ensure(mailer.attempts() > 0, || {
            never_sent("the jobs ended without calling `send`".into())
        })?;
        sent_once(mailer.attempts(), 3)?;
        ensure(report.failed >= expected.failed, || {
            Fault::new("error_swallowed")
                .happened(format!("one mail went out, and the mail server refused two. The report is {report:?}"))
                .expected(format!("the report is {expected:?}: it says that two users got no mail"))
                .next("in the job, return the error of `send` with `?`, instead of dropping or unwrapping it")
        })
    });
}

/// The mail takes longer than the grace, and must not go on in a task of its own.
fn a_mail_that_is_aborted_is_not_sent(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        does_its_part(answer, recorder).await?;
        aborts_what_is_late(answer, recorder).await?;
        let mailer = Arc::new(SimulatedMailer::new(ms(5000)));
        let background = Background::new(answer, 1);
        let status = register(&*background, &mailer, "late@example.org").await?;
        status_is(status, StatusCode::ACCEPTED, "there was room")?;
        let report = background.call_shutdown(ms(2000)).await;
        sleep(ms(5000)).await;
        sent_once(mailer.attempts(), 1)?;
        ensure(mailer.sent().is_empty(), || {
            sent_behind_its_back(format!(
                "the mail takes 5 s, the grace was 2 s, and the report says {} aborted, but the mail went out all the same",
                report.aborted
            ))
        })
    });
}
