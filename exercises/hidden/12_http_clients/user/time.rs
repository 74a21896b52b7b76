//! The time limit of one request, from the call to the last byte.

use async_workbook::{
    harness::ms,
    timeline::Recorder,
    verdict::{examine, mark_in},
};

use super::{FUNCTION, basics};
use crate::{
    Answer,
    causes::{Case, given_up, patience},
    scene::{Call, Checked, Scene, new_ids},
    service::Service,
};

/// One call of a service that is too slow in some way, with this limit.
async fn bounded(
    answer: &Answer,
    recorder: &Recorder,
    case: Case,
    limit: std::time::Duration,
) -> Checked {
    let scene = Scene::new(recorder);
    let service = Service::start(move |seen| case.reply(seen, limit)).await;
    mark_in(limit, "time limit");
    let ([id], api) = (new_ids(), (answer.api)(&service.base, limit));
    let call = Call::start(async move { api.call_user(id).await });
    let ended = scene.end_of(patience(limit), call).await;
    scene.settle().await;
    given_up(FUNCTION, case, limit, ended, &service)
}

fn is_bounded(answer: &Answer, cases: &'static [Case]) {
    examine(async |recorder: &Recorder| {
        basics(answer, recorder).await?;
        for &case in cases {
            for limit in [ms(1000), ms(2500)] {
                bounded(answer, recorder, case, limit).await?;
            }
        }
        Ok(())
    });
}

pub(super) fn a_silent_service_is_given_up(answer: &Answer) {
    is_bounded(answer, &[Case::Silent]);
}

pub(super) fn a_stalled_answer_is_given_up(answer: &Answer) {
    is_bounded(answer, &[Case::Silent, Case::Stalled]);
}

/// The text of an error is a part of the answer as well.
pub(super) fn a_stalled_error_is_given_up(answer: &Answer) {
    is_bounded(answer, &[Case::Silent, Case::Refusing]);
}

pub(super) fn a_trickling_answer_is_given_up(answer: &Answer) {
    is_bounded(answer, &[Case::Silent, Case::Stalled, Case::Trickling]);
}
