fn spawn(_future: impl Future<Output = ()> + Send + 'static) {}

async fn fetch(_id: u64) {}

// As `buffer_unordered` does, this keeps a future beside the iterator that makes the others.
pub struct Buffered<I: Iterator> {
    pub calls: I,
    pub running: Option<I::Item>,
}

async fn all<I: Iterator<Item: Future>>(mut buffered: Buffered<I>) {
    while let Some(call) = buffered.calls.next() {
        call.await;
    }
}

pub fn start(ids: Vec<u64>) {
    spawn(async move {
        let calls = ids.iter().map(|&id| fetch(id));
        let running = None;
        all(Buffered { calls, running }).await;
    });
}
