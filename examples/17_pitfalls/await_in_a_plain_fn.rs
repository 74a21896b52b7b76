async fn fetch_users() -> usize {
    3
}

pub fn users() -> usize {
    fetch_users().await
}
