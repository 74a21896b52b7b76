//! What a future is, in a run: a state machine that is polled, and a waker that says when to poll it again.

use std::{
    fmt::Write as _,
    pin::{Pin, pin},
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Wake, Waker},
    thread,
};

// ANCHOR: reply
/// A reply that another thread will deliver.
#[derive(Clone, Default)]
struct Reply(Arc<Mutex<Slot>>);

#[derive(Default)]
struct Slot {
    text: Option<&'static str>,
    waker: Option<Waker>,
}

impl Future for Reply {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<&'static str> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match slot.text {
            Some(text) => Poll::Ready(text),
            None => {
                // Whoever delivers the reply calls it.
                slot.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Reply {
    fn deliver(&self, text: &'static str) {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slot.text = Some(text);
        let waker = slot.waker.take();
        drop(slot);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
// ANCHOR_END: reply

// ANCHOR: written
async fn written(user: Reply, orders: Reply) -> String {
    let user = user.await;
    let orders = orders.await;
    format!("{user} has {orders}")
}
// ANCHOR_END: written

// ANCHOR: compiled
/// Where it is, and the variables that it needs from there on.
enum Compiled {
    AwaitsUser { user: Reply, orders: Reply },
    AwaitsOrders { user: &'static str, orders: Reply },
}

impl Future for Compiled {
    type Output = String;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<String> {
        loop {
            match &mut *self {
                Self::AwaitsUser { user, orders } => match Pin::new(user).poll(context) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(user) => {
                        let orders = orders.clone();
                        *self = Self::AwaitsOrders { user, orders };
                    }
                },
                Self::AwaitsOrders { user, orders } => {
                    return Pin::new(orders)
                        .poll(context)
                        .map(|orders| format!("{user} has {orders}"));
                }
            }
        }
    }
}
// ANCHOR_END: compiled

impl Compiled {
    fn state(&self) -> &'static str {
        match self {
            Self::AwaitsUser { .. } => "AwaitsUser",
            Self::AwaitsOrders { .. } => "AwaitsOrders",
        }
    }
}

/// Writes down that it was called, and does nothing else.
#[derive(Default)]
struct Calls(Mutex<usize>);

impl Wake for Calls {
    fn wake(self: Arc<Self>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    }
}

/// Polls a future once at the start and once after each reply, and tells what it sees.
fn run<F: Future<Output = String> + Unpin>(
    make: impl FnOnce(Reply, Reply) -> F,
    state: impl Fn(&F) -> &'static str,
) -> String {
    let (user, orders) = (Reply::default(), Reply::default());
    let mut future = make(user.clone(), orders.clone());
    let calls = Arc::new(Calls::default());
    let waker = Waker::from(Arc::clone(&calls));
    let mut context = Context::from_waker(&waker);
    let mut told = String::new();
    let mut deliveries = [("user", user, "ada"), ("orders", orders, "3 orders")].into_iter();
    for poll in 1.. {
        let before = state(&future);
        write!(told, "poll {poll}   {before:<12}").expect("a string takes everything");
        match pin!(&mut future).poll(&mut context) {
            Poll::Ready(output) => {
                writeln!(told, "   Ready(\"{output}\")").expect("a string takes everything");
                break;
            }
            Poll::Pending => {
                let after = state(&future);
                writeln!(told, "   Pending, in {after}").expect("a string takes everything");
            }
        }
        let (what, reply, text) = deliveries.next().expect("it ends with its last reply");
        let before = *calls.0.lock().unwrap_or_else(PoisonError::into_inner);
        thread::scope(|scope| {
            scope.spawn(|| reply.deliver(text));
        });
        let after = *calls.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!(after, before + 1, "it has kept the waker of this poll");
        writeln!(
            told,
            "wake     another thread delivers the {what}, and calls the waker"
        )
        .expect("a string takes everything");
    }
    told
}

#[test]
fn the_page_shows_what_the_run_tells() {
    let make = |user, orders| Compiled::AwaitsUser { user, orders };
    assert_eq!(run(make, Compiled::state), include_str!("a_future.txt"));
}

#[test]
fn the_compiler_makes_the_same_of_an_async_function() {
    let states = ["AwaitsUser", "AwaitsOrders"];
    let without_states = |told: String| {
        let told = told.replace(", in ", "");
        states
            .iter()
            .fold(told, |told, state| told.replace(state, ""))
    };
    let written = run(|user, orders| Box::pin(written(user, orders)), |_| "");
    let compiled = run(
        |user, orders| Compiled::AwaitsUser { user, orders },
        Compiled::state,
    );
    let words =
        |told: String| -> Vec<String> { told.split_whitespace().map(str::to_owned).collect() };
    assert_eq!(
        words(without_states(written)),
        words(without_states(compiled))
    );
}
