//! The handler waits half a second for the mail, in case it's sent by then.

use tokio::{sync::oneshot, time::timeout};

pub async fn register(background: &Background, mailer: Arc<dyn Mailer>, to: String) -> StatusCode {
    let (sent, is_sent) = oneshot::channel();
    let job = async move {
        let outcome = mailer.send(&to, "Welcome!").await;
        let _gone = sent.send(());
        Ok(outcome?)
    };
    match background.submit(job) {
        Ok(()) => {
            let _late = timeout(Duration::from_millis(500), is_sent).await;
            StatusCode::ACCEPTED
        }
        Err(Refused::Full | Refused::ShuttingDown) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
