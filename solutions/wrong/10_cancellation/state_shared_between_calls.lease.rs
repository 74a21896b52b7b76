//! All calls keep their lease in the same place.

use std::sync::Mutex;

pub async fn with_lease<F>(leases: &Leases, limit: Duration, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let guard = Guard(limit);
    *HELD.lock().expect("nobody panics under it") = Some(leases.acquire().await);
    let output = work.await;
    if let Some(release) = guard.release() {
        release.await.expect("nothing panics in it, or aborts it");
    }
    output
}

static HELD: Mutex<Option<Lease>> = Mutex::new(None);

struct Guard(Duration);

impl Guard {
    fn release(&self) -> Option<JoinHandle<()>> {
        let lease = HELD.lock().expect("nobody panics under it").take()?;
        let limit = self.0;
        Some(tokio::spawn(async move {
            let _elapsed = timeout(limit, lease.release()).await;
        }))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.release();
    }
}
