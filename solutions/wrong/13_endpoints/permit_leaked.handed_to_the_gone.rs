//! Hands a place to the one who waits longest, even if that one is gone.

use std::sync::Mutex;

pub fn app(state: AppState) -> Router {
    let queue = Arc::<Mutex<Queue>>::default();
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(from_fn_with_state(queue, queued))
        .layer(from_fn(in_time))
}

#[derive(Default)]
struct Queue {
    handled: usize,
    waiting: std::collections::VecDeque<tokio::sync::oneshot::Sender<()>>,
}

struct Place(Arc<Mutex<Queue>>);

impl Drop for Place {
    fn drop(&mut self) {
        let mut queue = self.0.lock().expect("nothing panics under this lock");
        match queue.waiting.pop_front() {
            Some(next) => drop(next.send(())),
            None => queue.handled -= 1,
        }
    }
}

async fn queued(State(queue): State<Arc<Mutex<Queue>>>, request: Request, next: Next) -> Response {
    let waits = {
        let mut queue = queue.lock().expect("nothing panics under this lock");
        if queue.handled < AT_ONCE {
            queue.handled += 1;
            None
        } else {
            let (turn, waits) = tokio::sync::oneshot::channel();
            queue.waiting.push_back(turn);
            Some(waits)
        }
    };
    if let Some(waits) = waits {
        let _ = waits.await;
    }
    let _place = Place(queue);
    next.run(request).await
}
