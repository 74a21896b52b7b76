pub trait Fetch {
    async fn fetch(&self, path: &str) -> String;
}

pub fn with(_fetch: &dyn Fetch) {}
