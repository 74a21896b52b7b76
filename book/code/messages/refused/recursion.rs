pub async fn depth(pages: u32) -> u32 {
    if pages == 0 {
        return 0;
    }
    depth(pages - 1).await + 1
}
