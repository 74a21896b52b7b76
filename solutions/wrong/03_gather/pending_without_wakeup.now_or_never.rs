//! `now_or_never` polls once, with a waker that doesn't wake anything.

use futures::FutureExt as _;
use std::{
    future::poll_fn,
    task::{Context, Poll, Waker},
};

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let mut orders = Box::pin(upstream.fetch(&format!("orders/{}", user.body)));
    let mut stats = Box::pin(upstream.fetch(&format!("stats/{}", user.body)));
    let (mut o, mut s) = (None, None);
    poll_fn(|_| {
        if o.is_none() {
            o = (&mut orders).now_or_never();
        }
        if s.is_none() {
            s = (&mut stats).now_or_never();
        }
        if o.is_some() && s.is_some() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    Dashboard {
        user,
        orders: o.unwrap(),
        stats: s.unwrap(),
    }
}
