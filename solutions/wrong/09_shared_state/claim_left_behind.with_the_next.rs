//! Hands the turn to the next caller in a queue. If that one is dropped before it runs, the turn goes with it.

use std::collections::VecDeque;

enum Entry {
    Here(Arc<Page>),
    Fetching(VecDeque<oneshot::Sender<()>>),
}

pub struct Cache {
    upstream: Upstream,
    pages: Mutex<HashMap<String, Entry>>,
}

struct Turn<'a>(&'a Cache, &'a str, Option<Arc<Page>>);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut pages = self.0.pages.lock().unwrap();
        if let Some(page) = self.2.take() {
            pages.insert(self.1.to_owned(), Entry::Here(page));
            return;
        }
        let Some(Entry::Fetching(queue)) = pages.get_mut(self.1) else {
            return;
        };
        while let Some(next) = queue.pop_front() {
            if next.send(()).is_ok() {
                return;
            }
        }
        pages.remove(self.1);
    }
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            pages: Mutex::default(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let turn = {
            let mut pages = self.pages.lock().unwrap();
            match pages.get_mut(path) {
                Some(Entry::Here(page)) => return Ok(page.clone()),
                Some(Entry::Fetching(queue)) => {
                    let (next, turn) = oneshot::channel();
                    queue.push_back(next);
                    Some(turn)
                }
                None => {
                    pages.insert(path.to_owned(), Entry::Fetching(VecDeque::new()));
                    None
                }
            }
        };
        if let Some(turn) = turn {
            if turn.await.is_err() {
                let pages = self.pages.lock().unwrap();
                if let Some(Entry::Here(page)) = pages.get(path) {
                    return Ok(page.clone());
                }
            }
        }
        let mut turn = Turn(self, path, None);
        let page = Arc::new(self.upstream.get(path).await?);
        turn.2 = Some(page.clone());
        Ok(page)
    }
}
