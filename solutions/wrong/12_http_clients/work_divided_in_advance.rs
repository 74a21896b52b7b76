//! Each lane has its own ids from the beginning, and one may be done while another has a list left.

use futures::future::join_all;

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let lanes = limit.get().min(ids.len());
        let lanes = (0..lanes).map(|lane| async move {
            let mut results = Vec::new();
            for (position, &id) in ids.iter().enumerate().skip(lane).step_by(limit.get()) {
                results.push((position, self.user(id).await));
            }
            results
        });
        let mut results = join_all(lanes)
            .await
            .into_iter()
            .flatten()
            .collect::<Vec<_>>();
        results.sort_unstable_by_key(|(position, _)| *position);
        results.into_iter().map(|(_, result)| result).collect()
    }
}
