//! Asks for each different user once, and copies the result.

use std::collections::BTreeSet;

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let different: BTreeSet<u64> = ids.iter().copied().collect();
        let in_order = different.len() == ids.len();
        let asked: Vec<u64> = match in_order {
            true => ids.to_owned(),
            false => different.into_iter().collect(),
        };
        let requests = asked
            .iter()
            .copied()
            .enumerate()
            .map(|(position, id)| async move { (position, id, self.user(id).await) });
        let mut results: Vec<_> = stream::iter(requests)
            .buffer_unordered(limit.get())
            .collect()
            .await;
        results.sort_unstable_by_key(|(position, ..)| *position);
        if in_order {
            return results.into_iter().map(|(.., result)| result).collect();
        }
        let copy = |id: u64| {
            let known = results.iter().find(|(_, known, _)| *known == id);
            match known.map(|(.., result)| result) {
                Some(Ok(user)) => Ok(user.clone()),
                _ => Err(ApiError::Interrupted),
            }
        };
        ids.iter().map(|&id| copy(id)).collect()
    }
}
