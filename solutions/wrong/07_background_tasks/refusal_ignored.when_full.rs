//! Only the shutdown is answered with 503. When there is no room, the user is promised a mail all the same.

pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    let job = async move { Ok(mailer.send(&to, "Welcome!").await?) };
    match background.submit(job) {
        Ok(()) | Err(Refused::Full) => StatusCode::ACCEPTED,
        Err(Refused::ShuttingDown) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
