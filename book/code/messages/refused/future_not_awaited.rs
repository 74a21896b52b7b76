async fn fetch() -> Option<u32> {
    Some(3)
}

pub async fn page() -> u32 {
    fetch().unwrap()
}
