//! Answers a lack of room as if it were the user's fault.

pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    let job = async move { Ok(mailer.send(&to, "Welcome!").await?) };
    match background.submit(job) {
        Ok(()) => StatusCode::ACCEPTED,
        Err(Refused::Full) => StatusCode::TOO_MANY_REQUESTS,
        Err(Refused::ShuttingDown) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
