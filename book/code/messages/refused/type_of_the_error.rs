async fn fetch() -> Result<u32, std::io::Error> {
    Ok(3)
}

pub async fn pages() {
    let call = async {
        let page = fetch().await?;
        Ok(page + 1)
    };
    let _ = call.await;
}
