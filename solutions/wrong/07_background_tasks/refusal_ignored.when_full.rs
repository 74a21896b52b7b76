//! Answers 503 only during the shutdown. If there's no room, the user is still promised a mail.

pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    let job = async move { Ok(mailer.send(&to, "Welcome!").await?) };
    match background.submit(job) {
        Ok(()) | Err(Refused::Full) => StatusCode::ACCEPTED,
        Err(Refused::ShuttingDown) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
