//! `try_collect` gives up at the first error, and drops the others.

use futures::TryStreamExt as _;

impl Api {
    pub async fn users(&self, ids: &[u64], limit: NonZeroUsize) -> Vec<Result<User, ApiError>> {
        let requests = ids.iter().enumerate().map(|(position, &id)| async move {
            let user = self.user(id).await?;
            Ok::<_, ApiError>((position, user))
        });
        let users = stream::iter(requests).buffer_unordered(limit.get());
        match users.try_collect::<Vec<_>>().await {
            Ok(mut users) => {
                users.sort_unstable_by_key(|(position, _)| *position);
                users.into_iter().map(|(_, user)| Ok(user)).collect()
            }
            Err(error) => vec![Err(error)],
        }
    }
}
