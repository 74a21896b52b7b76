//! The hidden tests of `user`.

mod errors;
mod time;

use async_workbook::{
    harness::{Task, ms, task},
    timeline::Recorder,
    verdict::{Fault, ensure, examine, show},
};
use serde_json::json;

use crate::{
    Answer, ApiError, Fetched,
    faults::{
        at_once, body_left_unread, ended_with_the_caller, is_user, not_asked, one_connection,
        status_not_checked, told, wait_together, wrong_error, wrong_request,
    },
    pictures::connections,
    reply::{Reply, piece},
    scene::{Call, Checked, Scene, new_ids},
    service::{Seen, Service},
};
pub(crate) use errors::decode_misread;
use errors::{
    a_broken_answer_is_interrupted, a_refused_connection_is_connect, another_answer_is_decode,
    redirects_are_followed_but_not_for_ever, the_text_of_an_error_is_kept,
};
use time::{
    a_silent_service_is_given_up, a_stalled_answer_is_given_up, a_stalled_error_is_given_up,
    a_trickling_answer_is_given_up,
};

pub(crate) const TASK: Task<Answer> = task!(
    user: it_returns_the_user,
    requests_share_a_connection,
    a_status_is_an_error,
    a_silent_service_is_given_up,
    a_stalled_answer_is_given_up,
    a_trickling_answer_is_given_up,
    refused_requests_share_it_too,
    the_text_of_an_error_is_kept,
    a_stalled_error_is_given_up,
    a_redirect_to_nowhere_is_an_error,
    a_refused_connection_is_connect,
    a_broken_answer_is_interrupted,
    another_answer_is_decode,
    redirects_are_followed_but_not_for_ever,
    it_asks_once_each_time,
    calls_at_once_wait_together,
    a_request_ends_with_its_caller,
    clients_share_nothing,
);

const FUNCTION: &str = "user";
const LIMIT: std::time::Duration = ms(5000);
const IN_TURN: u64 = 20;

/// One call, of a service that answers at once.
pub(crate) async fn ask(answer: &Answer, scene: &Scene, base: &str, id: u64) -> Checked<Fetched> {
    let api = (answer.api)(base, LIMIT);
    let call = Call::start(async move { api.call_user(id).await });
    at_once(
        FUNCTION,
        scene.end_at_once(2 * LIMIT, call).await,
        2 * LIMIT,
    )
}

/// The same, where it would be wrong to ask again.
async fn ask_once(
    answer: &Answer,
    scene: &Scene,
    service: &Service,
    answered: &str,
) -> Checked<Fetched> {
    let ([id], api) = (new_ids(), (answer.api)(&service.base, LIMIT));
    let call = Call::start(async move { api.call_user(id).await });
    let ended = scene.end_at_once(4 * LIMIT, call).await;
    asked_once(service.hits(), answered)?;
    at_once(FUNCTION, ended, LIMIT)
}

fn asked_once(hits: usize, answered: &str) -> Checked {
    ensure(hits <= 1, || {
        Fault::new("unrequested_retry")
            .happened(format!(
                "the service answered {answered}, and `user` sent its request {hits} times"
            ))
            .expected("it sends one request, and returns the error: its caller decides whether to try again")
            .next("in `user`, remove the retry: only `create` has one")
    })
}

fn users(seen: &Seen) -> Reply {
    Reply::user(seen.id())
}

async fn basics(answer: &Answer, recorder: &Recorder) -> Checked {
    let scene = Scene::new(recorder);
    let service = Service::start(users).await;
    let [id] = new_ids();
    let result = ask(answer, &scene, &service.base, id).await?;
    let requests = service.requests();
    let due = format!("GET /users/{id}");
    let first = requests.first().ok_or_else(|| not_asked(FUNCTION))?;
    ensure(first.what() == due, || {
        wrong_request(FUNCTION, &first.what(), &format!("GET {{base}}/users/{id}"))
    })?;
    is_user(FUNCTION, id, &result)
}

fn it_returns_the_user(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        // There may be more in the answer than this client knows of.
        let service = Service::start(|seen| {
            let name = "Ada \"the first\" \u{e9}\n";
            Reply::json(
                200,
                &json!({ "name": name, "roles": ["admin"], "id": seen.id() }),
            )
        });
        let service = service.await;
        let [id] = new_ids();
        let result = ask(answer, &scene, &service.base, id).await?;
        let name = "Ada \"the first\" \u{e9}\n".to_owned();
        crate::faults::is_this_user(FUNCTION, &crate::User { id, name }, &result)?;
        // What makes it a success is the status, and what makes it a user is the text.
        for (code, kind) in [(203, "application/json"), (200, "text/plain")] {
            let scene = Scene::new(recorder);
            let service = Service::start(move |seen| {
                let user = json!({ "id": seen.id(), "name": crate::reply::name(seen.id()) });
                Reply::text(code, user.to_string()).header("content-type", kind)
            });
            let (service, [id]) = (service.await, new_ids());
            let result = ask(answer, &scene, &service.base, id).await?;
            is_user(FUNCTION, id, &result)?;
        }
        Ok(())
    });
}

fn requests_share_a_connection(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(users).await;
        in_turn(answer, &scene, &service).await?;
        // It all happened at once: the connections say more.
        recorder.restart();
        one_connection(FUNCTION, &service)?;
        show(|| connections(&service.requests()));
        Ok(())
    });
}

/// Twenty calls of one client, one after another.
async fn in_turn(answer: &Answer, scene: &Scene, service: &Service) -> Checked {
    let api = (answer.api)(&service.base, LIMIT);
    for _ in 0..IN_TURN {
        let ([id], api) = (new_ids(), api.clone());
        let call = Call::start(async move { api.call_user(id).await });
        at_once(
            FUNCTION,
            scene.end_at_once(2 * LIMIT, call).await,
            2 * LIMIT,
        )?
        .ok();
        // A connection is ready for the next request once the client has noticed the end of this one.
        scene.settle().await;
    }
    Ok(())
}

fn a_status_is_an_error(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for code in [500, 404, 503, 401, 429] {
            check_status(answer, recorder, code).await?;
        }
        Ok(())
    });
}

/// With no `Location`, a redirect leads nowhere.
fn a_redirect_to_nowhere_is_an_error(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for code in [302, 300] {
            check_status(answer, recorder, code).await?;
        }
        Ok(())
    });
}

/// The text looks like a user's, so only the status says that it's none.
async fn check_status(answer: &Answer, recorder: &Recorder, code: u16) -> Checked {
    let scene = Scene::new(recorder);
    let service = Service::start(move |seen| {
        Reply::json(code, &json!({ "id": seen.id(), "name": "nobody" }))
    });
    let service = service.await;
    match ask_once(answer, &scene, &service, &format!("{code}")).await? {
        Err(ApiError::Status { code: came, .. }) if came == code => {}
        result @ (Ok(_) | Err(ApiError::Decode)) => {
            let happened = format!("returned {}", told(&result));
            return Err(status_not_checked(FUNCTION, code, &happened));
        }
        result => {
            return Err(wrong_error(
                FUNCTION,
                &format!("the service answered with status {code}"),
                &result,
                &format!("`Status` with code {code}"),
                "return `Status` for every status other than 2xx (`!status.is_success()`)",
            ));
        }
    }
    Ok(())
}

fn refused_requests_share_it_too(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        // More than fits into what the client has read together with the headers.
        let page = || piece("no such user. ".repeat(6_000));
        let service = Service::start(move |_| Reply::new(404, vec![page(), page(), page()])).await;
        in_turn(answer, &scene, &service).await?;
        recorder.restart();
        body_left_unread(FUNCTION, "with a 404 and a long page", &service)
    });
}

/// Neither a retry nor a cache.
fn it_asks_once_each_time(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for code in [503, 429, 500] {
            let scene = Scene::new(recorder);
            let busy = move |_: &Seen| Reply::text(code, "busy").header("retry-after", "1");
            let service = Service::start(busy).await;
            ask_once(
                answer,
                &scene,
                &service,
                &format!("{code}, with `Retry-After: 1`"),
            )
            .await?
            .err();
        }
        asks_again(answer, recorder).await?;
        asks_each_time(answer, recorder).await
    });
}

async fn asks_again(answer: &Answer, recorder: &Recorder) -> Checked {
    let scene = Scene::new(recorder);
    let renamed = |seen: &Seen| {
        Reply::json(
            200,
            &json!({ "id": seen.id(), "name": format!("name {}", seen.number) }),
        )
    };
    let service = Service::start(renamed).await;
    let [id] = new_ids();
    let api = (answer.api)(&service.base, LIMIT);
    for number in 1..=2 {
        let api = api.clone();
        let call = Call::start(async move { api.call_user(id).await });
        let result = at_once(FUNCTION, scene.end_at_once(LIMIT, call).await, LIMIT)?;
        ensure(service.hits() == number, || {
            Fault::new("unrequested_cache")
                .happened("`user` was called twice with the same id, and asked the service once")
                .expected("each call asks the service: the user may have changed")
                .next("in `user`, remove the cache")
        })?;
        let name = format!("name {number}");
        crate::faults::is_this_user(FUNCTION, &crate::User { id, name }, &result)?;
    }
    Ok(())
}

/// Two callers that want the same user at the same time.
async fn asks_each_time(answer: &Answer, recorder: &Recorder) -> Checked {
    let scene = Scene::new(recorder);
    let service = Service::start(|seen| users(seen).after(ms(1000))).await;
    let ([id], api) = (new_ids(), (answer.api)(&service.base, LIMIT));
    let calls = [0, 1].map(|_| {
        let api = api.clone();
        Call::start(async move { api.call_user(id).await })
    });
    for call in calls {
        let ended = scene.end_of(LIMIT, call).await;
        let ended = ended.ok_or_else(|| crate::faults::never_ended(FUNCTION, LIMIT))?;
        is_user(FUNCTION, id, &ended.result)?;
    }
    ensure(service.hits() == 2, || {
        Fault::new("unrequested_cache")
            .happened("`user` was called twice at the same time with the same id, and asked the service once")
            .expected("each call asks the service: no call gets an answer to a question that was sent before it")
            .next("in `user`, send a request for each call, and keep neither answers nor running requests")
    })
}

fn calls_at_once_wait_together(answer: &Answer) {
    const CALLERS: usize = 30;
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(|seen| users(seen).after(ms(1000))).await;
        let api = (answer.api)(&service.base, LIMIT);
        let calls: Vec<_> = (0..CALLERS)
            .map(|_| {
                let ([id], api) = (new_ids(), api.clone());
                Call::start(async move { (id, api.call_user(id).await) })
            })
            .collect();
        scene.soon(|| service.in_flight() == CALLERS).await;
        wait_together(FUNCTION, CALLERS, service.in_flight())?;
        for call in calls {
            let ended = scene.end_of(LIMIT, call).await;
            let (id, result) = ended
                .ok_or_else(|| crate::faults::never_ended(FUNCTION, LIMIT))?
                .result;
            is_user(FUNCTION, id, &result)?;
        }
        Ok(())
    });
}

fn a_request_ends_with_its_caller(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(|_| Reply::never()).await;
        let ([id], api) = (new_ids(), (answer.api)(&service.base, LIMIT));
        let call = Call::start(async move { api.call_user(id).await });
        ensure(scene.soon(|| service.in_flight() == 1).await, || {
            not_asked(FUNCTION)
        })?;
        drop(call);
        scene.settle().await;
        ended_with_the_caller(FUNCTION, &service, 1)
    });
}

/// A second client makes a connection of its own, and has its own time limit.
fn clients_share_nothing(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        let scene = Scene::new(recorder);
        let service = Service::start(users).await;
        for clients in 1..=2 {
            let [id] = new_ids();
            let result = ask(answer, &scene, &service.base, id).await?;
            is_user(FUNCTION, id, &result)?;
            scene.settle().await;
            ensure(service.accepts.total() >= clients, || {
                Fault::new("client_in_a_static")
                    .happened("a second `Api` sent its request over a connection of the first one's client")
                    .expected("two `Api`s share nothing: with a `static`, each test and each runtime of a process has to live with the other's connections and settings")
                    .next("move the client from the `static` to a field of `Api`, and make it in `new`")
            })?;
        }
        Ok(())
    });
}
