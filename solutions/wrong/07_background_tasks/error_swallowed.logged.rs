//! The job logs that the mail failed, and then counts as completed.

pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    let job = async move {
        if let Err(error) = mailer.send(&to, "Welcome!").await {
            eprintln!("no mail to {to}: {error}");
        }
        Ok(())
    };
    match background.submit(job) {
        Ok(()) => StatusCode::ACCEPTED,
        Err(Refused::Full | Refused::ShuttingDown) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
