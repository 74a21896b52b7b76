//! Takes every error of `recv` for the end.

impl Member {
    pub async fn next(&mut self) -> Option<News> {
        let text = self.messages.recv().await.ok()?;
        Some(News::Text(text))
    }
}
