//! Another thread computes, and the runtime's stands still until it has ended.

async fn fingerprint(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let thread = std::thread::spawn(move || (shop.deps.fingerprint)(&isbn));
    thread.join().expect("the library does not panic")
}
