//! The job spawns a task that sends the mail, and awaits it. Aborting the job doesn't abort that task: the mail goes
//! out after the shutdown, which reported it as aborted.

pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    let job = async move {
        let mail = tokio::spawn(async move { mailer.send(&to, "Welcome!").await });
        Ok(mail.await??)
    };
    match background.submit(job) {
        Ok(()) => StatusCode::ACCEPTED,
        Err(Refused::Full | Refused::ShuttingDown) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
