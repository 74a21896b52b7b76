//! Orders, which take two calls, in the handler or in a task.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};

use super::books::{Failure, Member, Shop};

// ANCHOR: order
async fn order(shop: &Shop, id: u64) -> Result<StatusCode, Failure> {
    shop.catalogue.get(&format!("reserve/{id}")).await?;
    shop.catalogue.get(&format!("pay/{id}")).await?;
    Ok(StatusCode::CREATED)
}
// ANCHOR_END: order

// ANCHOR: handler
pub(crate) async fn in_the_handler(
    _: Member,
    shop: State<Shop>,
    id: Path<u64>,
) -> Result<StatusCode, Failure> {
    order(&shop, *id).await
}
// ANCHOR_END: handler

// ANCHOR: task
pub(crate) async fn in_a_task(
    _: Member,
    shop: State<Shop>,
    id: Path<u64>,
) -> Result<StatusCode, Failure> {
    // The task owns the order. The handler owns a handle, and dropping that ends nothing.
    let task = tokio::spawn(async move { order(&shop, *id).await });
    task.await.map_err(|_panicked| Failure::Broken)?
}
// ANCHOR_END: task
