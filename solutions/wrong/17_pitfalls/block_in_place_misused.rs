//! `block_in_place` hands the other tasks to another worker, and panics where there is none.

async fn fingerprint(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    task::block_in_place(|| (shop.deps.fingerprint)(&isbn))
}
