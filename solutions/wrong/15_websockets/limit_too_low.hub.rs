//! Lets a quarter of the members in.

impl Hub {
    pub fn new(places: usize, backlog: usize) -> Self {
        Self {
            messages: broadcast::Sender::new(backlog),
            places: Arc::new(Semaphore::new(places / 4)),
        }
    }
}
