//! Returns the places that are free.

impl Hub {
    pub fn members(&self) -> usize {
        self.places.available_permits()
    }
}
