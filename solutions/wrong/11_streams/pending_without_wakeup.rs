//! Wakes whoever asked first, and not whoever asked last.

use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::{Stream, stream};
use tokio_util::task::AbortOnDropHandle;

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    type Slot = Arc<Mutex<(Option<Result<Page, UpstreamError>>, Option<Waker>)>>;
    let mut rows = Vec::new().into_iter();
    let mut path = Some(first.to_owned());
    let mut call: Option<(Slot, AbortOnDropHandle<()>)> = None;
    stream::poll_fn(move |context| {
        loop {
            if let Some(row) = rows.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            if call.is_none() {
                let Some(at) = path.take() else {
                    return Poll::Ready(None);
                };
                let slot = Slot::default();
                slot.lock().expect("no panic").1 = Some(context.waker().clone());
                let (service, answer) = (upstream.clone(), slot.clone());
                let task = tokio::spawn(async move {
                    let page = service.get(&at).await;
                    let mut slot = answer.lock().expect("no panic");
                    slot.0 = Some(page);
                    if let Some(waker) = slot.1.take() {
                        waker.wake();
                    }
                });
                call = Some((slot, AbortOnDropHandle::new(task)));
            }
            let page = call
                .as_ref()
                .and_then(|(slot, _)| slot.lock().expect("no panic").0.take());
            let Some(page) = page else {
                return Poll::Pending;
            };
            call = None;
            match page {
                Ok(page) => {
                    let (more, next) = parse(&page);
                    (rows, path) = (more.into_iter(), next);
                }
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    })
}
