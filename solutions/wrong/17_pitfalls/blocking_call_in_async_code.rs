//! An async fn runs on whatever thread polls it. The library keeps the one thread until it is done.

async fn fingerprint(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    (shop.deps.fingerprint)(&isbn)
}
