//! Wrong: a task that is there from the start, and waits for a sign to begin its call.

use async_workbook::services::upstream::Upstream;
use tokio::sync::oneshot;

pub async fn fetch_one(_: &Upstream, _: &str) -> String {
    todo!("another task")
}

pub async fn in_order(_: &Upstream, _: &[&str]) -> Vec<String> {
    todo!("another task")
}

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    let (upstream, path) = (upstream.clone(), path.to_owned());
    let (begin, sign) = oneshot::channel();
    let task = tokio::spawn(async move {
        match sign.await {
            Ok(()) => upstream.fetch(&path).await.body,
            Err(_dropped) => String::new(),
        }
    });
    async {
        begin.send(()).expect("the task waits for it");
        task.await.expect("the call does not panic")
    }
}

#[cfg(test)]
#[path = "../../../exercises/hidden/01_sync_vs_async.rs"]
mod hidden;
