//! What went wrong, told apart.

use async_workbook::{
    harness::ms,
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};

use super::{FUNCTION, ask, ask_once, asked_once, basics};
use axum::body::Bytes;

use crate::{
    Answer, ApiError, Fetched,
    faults::{is_user, same_error, told, told_error, wrong_error},
    reply::{Reply, Step, piece},
    scene::{Checked, Scene, new_ids},
    service::{Seen, Service},
    sockets::{HangsUp, Nobody},
};

/// One call of such a service.
async fn result_of(
    answer: &Answer,
    recorder: &Recorder,
    script: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
) -> Checked<Fetched> {
    let scene = Scene::new(recorder);
    let service = Service::start(script).await;
    let [id] = new_ids();
    ask(answer, &scene, &service.base, id).await
}

pub(super) fn the_text_of_an_error_is_kept(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let trace = "at line 7 of the service\n".repeat(400);
        for (code, pieces) in [
            (404, vec!["no such user"]),
            (422, vec!["{\"error\": \"an id is positive\"}"]),
            (503, vec!["closed until ", "six", " o'clock"]),
            (500, vec![]),
            (409, vec!["\n  somebody else\n"]),
            (500, vec![trace.as_str(), "the end"]),
        ] {
            let steps: Vec<_> = pieces.iter().copied().map(piece).collect();
            let answered = move |_: &Seen| Reply::new(code, steps.clone());
            let result = result_of(answer, recorder, answered).await?;
            let text = pieces.concat();
            let sent = match text.len() {
                0..=40 => format!("the text {text:?}"),
                long => format!("a text of {long} bytes"),
            };
            let due = ApiError::Status { code, text };
            let is_due = matches!(&result, Err(error) if same_error(error, &due));
            ensure(is_due, || {
                Fault::new("error_detail_lost")
                    .happened(format!(
                        "the service answered with status {code} and {sent}, and `user` returned {}",
                        told(&result)
                    ))
                    .expected(format!(
                        "it returns {}: the text is where a service says what's wrong",
                        told_error(&due)
                    ))
                    .next("in `user`, read the text of an error to its end (`response.text().await`), and put it into `Status` as it is")
            })?;
        }
        another_text(answer, recorder).await
    });
}

/// The text isn't UTF-8. What it says counts less than the status.
async fn another_text(answer: &Answer, recorder: &Recorder) -> Checked {
    let closed = Bytes::from_static(b"le caf\xe9 est ferm\xe9");
    let closed = move |_: &Seen| Reply::new(503, vec![Step::Piece(closed.clone())]);
    let result = result_of(answer, recorder, closed).await?;
    ensure(
        matches!(result, Err(ApiError::Status { code: 503, .. })),
        || {
            wrong_error(
                FUNCTION,
                "the service answered with status 503 and a text that isn't UTF-8",
                &result,
                "`Status` with code 503, whatever the text says",
                "read the text of an error with `text()`, or take `String::from_utf8_lossy` of its bytes: both accept all bytes",
            )
        },
    )
}

pub(super) fn a_refused_connection_is_connect(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let nobody = Nobody::new();
        let [id] = new_ids();
        let result = ask(answer, &scene, &nobody.base, id).await?;
        ensure(matches!(result, Err(ApiError::Connect)), || {
            wrong_error(
                FUNCTION,
                "nobody listened at the service's address",
                &result,
                "`Connect`: the request was never sent, so it's safe to try again",
                "ask the error with `is_connect()`, after `is_timeout()`",
            )
        })
    });
}

pub(super) fn a_broken_answer_is_interrupted(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for half in ["{\"id\": 7, \"na", "", "{\"id\": 7, \"name\": \"Ada\"}"] {
            let broken =
                move |_: &Seen| Reply::new(200, vec![piece(half), Step::Wait(ms(0)), Step::Break]);
            let scene = Scene::new(recorder);
            let service = Service::start(broken).await;
            let answered = "with a part of a user, and the connection broke";
            let result = ask_once(answer, &scene, &service, answered).await?;
            interrupted(
                "the service sent its headers and a part of the answer, and the connection broke",
                &result,
            )?;
        }
        let scene = Scene::new(recorder);
        let service = HangsUp::start().await;
        let [id] = new_ids();
        let result = ask(answer, &scene, &service.base, id).await;
        asked_once(
            service.requests(),
            "nothing, and closed the connection each time",
        )?;
        interrupted(
            "the service read the request, and closed the connection without an answer",
            &result?,
        )
    });
}

fn interrupted(happened: &str, result: &Fetched) -> Checked {
    match result {
        Err(ApiError::Interrupted) => Ok(()),
        Err(ApiError::Decode) => Err(decode_misread(FUNCTION, happened, result, "`Interrupted`")),
        result => Err(wrong_error(
            FUNCTION,
            happened,
            result,
            "`Interrupted`: the service may have done what it was asked, and nobody knows",
            "return `Interrupted` for an error of reqwest's that is neither a timeout nor about the connection or redirects",
        )),
    }
}

/// To reqwest, whatever goes wrong in the body is an error of the kind "decode".
pub(crate) fn decode_misread(function: &str, happened: &str, result: &Fetched, due: &str) -> Fault {
    Fault::new("transport_error_reported_as_decode")
        .happened(format!("{happened}, and `{function}` returned {}", told(result)))
        .expected(format!("it returns {due}: not all of the answer arrived, so nothing can be said of its JSON"))
        .next(format!(
            "in `{function}`, read the body first (`response.bytes().await`), and parse it with `serde_json::from_slice`: `is_decode()` is true for every error in a body, so it can't tell"
        ))
}

pub(super) fn another_answer_is_decode(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for text in [
            "<h1>Welcome</h1>",
            "{\"id\": 7, \"na",
            "{\"id\": \"seven\", \"name\": \"Ada\"}",
            "{\"id\": 7}",
            "[]",
            "",
            "{\"id\": 7, \"name\": \"Ada\"}, and more",
        ] {
            let result = result_of(answer, recorder, move |_| Reply::text(200, text)).await?;
            ensure(matches!(result, Err(ApiError::Decode)), || {
                wrong_error(
                    FUNCTION,
                    &format!("the service sent the whole text {text:?} with status 200"),
                    &result,
                    "`Decode`: the answer has arrived, but it's no user",
                    "parse the bytes with `serde_json::from_slice`, and return `Decode` for its error, and for no other",
                )
            })?;
        }
        another_name(answer, recorder).await
    });
}

/// JSON is UTF-8, and this name isn't.
async fn another_name(answer: &Answer, recorder: &Recorder) -> Checked {
    let text = Bytes::from_static(b"{\"id\": 7, \"name\": \"Zo\xeb\"}");
    let zoe = move |_: &Seen| Reply::new(200, vec![Step::Piece(text.clone())]);
    let result = result_of(answer, recorder, zoe).await?;
    let happened = "the service sent a name that isn't UTF-8";
    match &result {
        Err(ApiError::Decode) => Ok(()),
        Ok(_) => Err(Fault::new("data_altered")
            .happened(format!("{happened}, and `user` returned {}", told(&result)))
            .expected("it returns `Decode`: JSON is UTF-8, and nobody has this name")
            .next("in `user`, parse the bytes themselves, with `serde_json::from_slice`: `text()` and `from_utf8_lossy` replace whatever isn't UTF-8")),
        Err(_) => Err(wrong_error(
            FUNCTION,
            happened,
            &result,
            "`Decode`: the answer has arrived, but it's no JSON",
            "parse the bytes with `serde_json::from_slice`, and return `Decode` for its error",
        )),
    }
}

/// From the user's address over ten others, the last of which has the user.
fn hop(seen: &Seen, id: u64) -> Reply {
    let left = match seen.path.strip_prefix("/hops/") {
        Some(left) => left.parse().unwrap_or(0),
        None => 10,
    };
    match left {
        0 => Reply::user(id),
        _ => Reply::text(302, "").header("location", format!("/v1/hops/{}", left - 1)),
    }
}

pub(super) fn redirects_are_followed_but_not_for_ever(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let [id] = new_ids();
        let moved = move |seen: &Seen| match seen.path.strip_prefix("/people/") {
            Some(_) => Reply::user(id),
            None => Reply::text(302, "").header("location", format!("/v1/people/{id}")),
        };
        let service = Service::start(moved).await;
        let result = ask(answer, &scene, &service.base, id).await?;
        ensure(result.is_ok(), || {
            Fault::new("redirect_not_followed")
                .happened(format!(
                    "the service answered with a 302 and the user's new address, and `user` returned {}",
                    told(&result)
                ))
                .expected("it asks at the new address, and returns the user")
                .next("in `new`, leave the client's redirect policy as it is: by default, it follows up to ten")
        })?;
        is_user(FUNCTION, id, &result)?;
        let [id] = new_ids();
        let result = result_of(answer, recorder, move |seen| hop(seen, id)).await?;
        ensure(result.is_ok(), || {
            Fault::new("redirect_not_followed")
                .happened(format!(
                    "ten redirects led to the user, and `user` returned {}",
                    told(&result)
                ))
                .expected("it follows all ten, and returns the user")
                .next("in `new`, leave the client's redirect policy as it is: by default, it follows up to ten")
        })?;
        is_user(FUNCTION, id, &result)?;
        let around =
            |seen: &Seen| Reply::text(302, "").header("location", format!("/v1{}", seen.path));
        let result = result_of(answer, recorder, around).await?;
        ensure(matches!(result, Err(ApiError::Redirect)), || {
            wrong_error(
                FUNCTION,
                "each answer was a redirect to where it came from",
                &result,
                "`Redirect`: the client gives up after ten",
                "ask the error with `is_redirect()`",
            )
        })
    });
}
