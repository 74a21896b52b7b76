//! What the service gets.

use async_workbook::{
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{FUNCTION, LIMIT, TOKEN, created};
use crate::{
    Answer,
    faults::{at_once, not_asked, told, wrong_request},
    reply::Reply,
    scene::{Call, Checked, Scene},
    service::{Seen, Service},
};

/// The name that a request's JSON has, if it has one.
pub(super) fn name_in(seen: &Seen) -> Option<String> {
    let body: Value = serde_json::from_slice(&seen.body).ok()?;
    Some(body.get("name")?.as_str()?.to_owned())
}

pub(super) async fn basics(answer: &Answer, recorder: &Recorder) -> Checked {
    with_name(answer, recorder, "Ada", 201).await
}

pub(super) fn it_sends_the_user(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        // The service knows the key already, and has nothing to create.
        with_name(answer, recorder, "Ada", 200).await
    });
}

pub(super) fn names_are_escaped(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for name in [
            "Ada \"the first\"",
            "Zo\u{e9}\\",
            "two\nlines",
            "a bell\u{7}",
            "",
        ] {
            with_name(answer, recorder, name, 201).await?;
        }
        Ok(())
    });
}

async fn with_name(answer: &Answer, recorder: &Recorder, name: &str, code: u16) -> Checked {
    let scene = Scene::new(recorder);
    let service = Service::start(move |seen| Reply {
        status: StatusCode::from_u16(code).unwrap_or_default(),
        ..created(seen)
    });
    let service = service.await;
    let (api, called) = ((answer.api)(&service.base, LIMIT), name.to_owned());
    let call = Call::start(async move { api.call_create(&called, TOKEN).await });
    let result = at_once(FUNCTION, scene.end_at_once(LIMIT, call).await, LIMIT)?;
    let requests = service.requests();
    let first = requests.first().ok_or_else(|| not_asked(FUNCTION))?;
    ensure(first.what() == "POST /users", || {
        wrong_request(FUNCTION, &first.what(), "POST {base}/users")
    })?;
    is_json(first, name)?;
    has_token(first)?;
    let key = first.header("idempotency-key").unwrap_or_default();
    ensure(!key.is_empty(), || {
        Fault::new("idempotency_key_missing")
            .happened("`create` sent its request without an `Idempotency-Key`")
            .expected("each request has one: if it's sent again, the service knows it by its key, and creates one user")
            .next("in `create`, call `new_key()` once, and send it with `.header(\"Idempotency-Key\", &key)`")
    })?;
    ensure(requests.len() == 1, || {
        Fault::new("attempts_miscounted")
            .happened(format!(
                "the service answered {code} at once, and `create` sent its request {} times",
                requests.len()
            ))
            .expected("a success ends it")
            .next("in `create`, return when the service has answered with a status of 2xx")
    })?;
    match &result {
        Ok(user) if user.name == name => Ok(()),
        result => Err(Fault::new("success_reported_as_failure")
            .happened(format!(
                "the service answered with status {code} and the new user, and `create` returned {}",
                told(result)
            ))
            .expected("it returns the user for every status of 2xx: 201 says that it was created, and 200 may say that it was there already")
            .next("in `create`, ask `status.is_success()`, and don't compare with 200 or 201; then return the user of the answer")),
    }
}

fn is_json(first: &Seen, name: &str) -> Checked {
    let body = String::from_utf8_lossy(&first.body).into_owned();
    let due = json!({ "name": name });
    let sent = serde_json::from_slice::<Value>(&first.body);
    ensure(sent.is_ok(), || {
        Fault::new("json_built_by_hand")
            .happened(format!(
                "for a user called {name:?}, `create` sent this body, which isn't JSON: {body}"
            ))
            .expected(format!("it sends {due}"))
            .next("in `create`, use `.json(user)` instead of `format!`: it escapes whatever a name may contain")
    })?;
    ensure(sent.is_ok_and(|sent| sent == due), || {
        Fault::new("data_altered")
            .happened(format!(
                "for a user called {name:?}, `create` sent this body: {body}"
            ))
            .expected(format!("it sends {due}"))
            .next("in `create`, send `user` as it is: `.json(user)`")
    })?;
    let kind = first.header("content-type").unwrap_or("nothing");
    ensure(kind.starts_with("application/json"), || {
        Fault::new("content_type_wrong")
            .happened(format!(
                "`create` sent JSON, and its `Content-Type` says {kind}"
            ))
            .expected(
                "it says application/json: many services refuse a body that doesn't say what it is",
            )
            .next("in `create`, use `.json(user)`, which sets the header as well")
    })
}

pub(super) fn has_token(first: &Seen) -> Checked {
    let sent = first.header("authorization");
    let is_token = sent.is_some_and(|sent| {
        sent.split_once(' ')
            .is_some_and(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && token == TOKEN)
    });
    ensure(is_token, || {
        Fault::new("token_not_sent")
            .happened(match sent {
                Some(sent) => {
                    format!("with the token {TOKEN:?}, `create` sent `Authorization: {sent}`")
                }
                None => "`create` sent its request without an `Authorization`".into(),
            })
            .expected(format!("it sends `Authorization: Bearer {TOKEN}`"))
            .next("in `create`, use `.bearer_auth(token)`")
    })
}
