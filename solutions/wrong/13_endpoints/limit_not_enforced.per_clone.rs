//! Each clone of the layer has a semaphore of its own.

use std::task::{Context, Poll};

use tower::{Layer, Service};

pub fn app(state: AppState) -> Router {
    Router::new()
        .route("/users/{id}", get(user))
        .route("/orders/{id}", get(order))
        .route("/dashboard", get(dashboard))
        .route("/transfers", post(transfer))
        .with_state(state)
        .layer(InTurn::new())
        .layer(from_fn(in_time))
}

#[derive(Clone)]
struct InTurn;

impl InTurn {
    fn new() -> Self {
        Self
    }
}

impl<S> Layer<S> for InTurn {
    type Service = Limited<S>;

    fn layer(&self, inner: S) -> Limited<S> {
        Limited {
            inner,
            slots: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

struct Limited<S> {
    inner: S,
    slots: Arc<Semaphore>,
}

impl<S: Clone> Clone for Limited<S> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            slots: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl<S> Service<Request> for Limited<S>
where
    S: Service<Request, Response = Response, Error = std::convert::Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = std::convert::Infallible;
    type Future = futures::future::BoxFuture<'static, Result<Response, Self::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (slots, handled) = (self.slots.clone(), self.inner.call(request));
        Box::pin(async move {
            let _slot = slots.acquire_owned().await;
            handled.await
        })
    }
}
