//! The next ten come in when the last of the ten before has gone.

use std::sync::Mutex;

pub fn app(state: AppState) -> Router {
    let count = Arc::new((
        Mutex::new(Batch {
            inside: 0,
            room: AT_ONCE,
        }),
        tokio::sync::Notify::new(),
    ));
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(count, batches))
        .layer(from_fn(in_time))
}

#[derive(Default)]
struct Batch {
    inside: usize,
    room: usize,
}

struct Handled(Arc<(Mutex<Batch>, tokio::sync::Notify)>);

impl Drop for Handled {
    fn drop(&mut self) {
        let mut batch = self.0.0.lock().expect("nothing panics under this lock");
        batch.inside -= 1;
        if batch.inside == 0 {
            batch.room = AT_ONCE;
            self.0.1.notify_waiters();
        }
    }
}

async fn batches(
    State(count): State<Arc<(Mutex<Batch>, tokio::sync::Notify)>>,
    request: Request,
    next: Next,
) -> Response {
    loop {
        let turn = count.1.notified();
        {
            let mut batch = count.0.lock().expect("nothing panics under this lock");
            if batch.room > 0 {
                batch.room -= 1;
                batch.inside += 1;
                break;
            }
        }
        turn.await;
    }
    let _handled = Handled(count);
    next.run(request).await
}
