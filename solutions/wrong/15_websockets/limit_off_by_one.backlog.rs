//! Counts the message that is being read as one of the backlog.

impl Hub {
    pub fn new(places: usize, backlog: usize) -> Self {
        Self {
            messages: broadcast::Sender::new(backlog - 1),
            places: Arc::new(Semaphore::new(places)),
        }
    }
}
