//! No `if` disables the branch of the call that has ended.

pub async fn dashboard(upstream: &Upstream, user_id: u64) -> Dashboard {
    let user = upstream.fetch(&format!("users/{user_id}")).await;
    let orders = upstream.fetch(&format!("orders/{}", user.body));
    let stats = upstream.fetch(&format!("stats/{}", user.body));
    tokio::pin!(orders, stats);
    let (mut o, mut s) = (None, None);
    while o.is_none() || s.is_none() {
        tokio::select! {
            page = &mut orders => o = Some(page),
            page = &mut stats => s = Some(page),
        }
    }
    Dashboard {
        user,
        orders: o.unwrap(),
        stats: s.unwrap(),
    }
}
