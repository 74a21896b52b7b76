async fn fetch() -> u32 {
    3
}

pub async fn twice() {
    let mut call = fetch();
    let _page = (&mut call).await;
}
