//! A task sends a comment every 15 s into a channel, whether the client reads or not.

use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval},
};
use tokio_stream::wrappers::ReceiverStream;

pub fn events(mut feed: broadcast::Receiver<String>) -> Response {
    let (sender, events) = mpsc::channel(16);
    tokio::spawn(async move {
        let forward = async {
            let mut ticks = interval(Duration::from_secs(15));
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            ticks.reset();
            loop {
                let event = tokio::select! {
                    biased;
                    received = feed.recv() => {
                        ticks.reset();
                        match received {
                            Ok(message) => Event::default().data(message),
                            Err(RecvError::Lagged(missed)) => {
                                Event::default().event("lagged").data(missed.to_string())
                            }
                            Err(RecvError::Closed) => return,
                        }
                    }
                    _ = ticks.tick() => Event::default().comment(""),
                };
                if sender.send(Ok::<_, Infallible>(event)).await.is_err() {
                    return;
                }
            }
        };
        tokio::select! {
            () = forward => {}
            () = sender.closed() => {}
        }
    });
    Sse::new(ReceiverStream::new(events)).into_response()
}
