//! Sends a mail again if it failed.

pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    let job = async move {
        if mailer.send(&to, "Welcome!").await.is_err() {
            mailer.send(&to, "Welcome!").await?;
        }
        Ok(())
    };
    match background.submit(job) {
        Ok(()) => StatusCode::ACCEPTED,
        Err(Refused::Full | Refused::ShuttingDown) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
