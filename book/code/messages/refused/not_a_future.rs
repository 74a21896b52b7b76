fn fetch() -> usize {
    3
}

pub async fn pages() -> usize {
    fetch().await
}
