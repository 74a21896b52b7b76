//! What can be wrong with a `block_on`.

use async_workbook::verdict::Fault;

pub(crate) fn library_executor_used(happened: &str) -> Fault {
    Fault::new("library_executor_used")
        .happened(happened)
        .expected("the function polls the future itself, with nothing but `std`")
        .next("replace the library's call with a loop around `future.as_mut().poll(&mut context)`")
}

pub(crate) fn busy_wait(happened: &str) -> Fault {
    Fault::new("busy_wait")
        .happened(happened)
        .expected("a thread whose future is pending sleeps until its waker is called")
        .next("after `Pending`, call `thread::park` until the waker has been called, instead of looking again and again")
}

pub(crate) fn polled_on_a_timer() -> Fault {
    Fault::new("polled_on_a_timer")
        .happened("while the future waited, the thread slept with a time limit: it gets up by itself, to look whether anything has changed")
        .expected("the thread sleeps until the waker is called, however long that takes, and gets up at once when it is")
        .next("replace `sleep`, `park_timeout` or `wait_timeout` with `park` or `wait`, which have no time limit")
}

pub(crate) fn needless_poll(polls: usize) -> Fault {
    Fault::new("needless_poll")
        .happened(format!("the future was woken once, and polled {polls} times"))
        .expected("one poll at the start, and one after each wake-up")
        .next("poll in one place, at the top of the loop, and go back there only once the waker has been called")
}

pub(crate) fn waker_without_effect() -> Fault {
    Fault::new("waker_without_effect")
        .happened("another thread called the waker, but the thread in `block_on` slept on")
        .expected("calling the waker wakes the thread that sleeps in `block_on`")
        .next("implement `Wake` for a struct that keeps `thread::current()`, and in `wake` call its `unpark`")
}

pub(crate) fn wrong_thread_woken(happened: &str) -> Fault {
    Fault::new("wrong_thread_woken")
        .happened(happened)
        .expected("a waker wakes the thread whose `block_on` made it, whichever thread calls it")
        .next("call `thread::current()` in `block_on`, and keep the result in the waker: a `static`, or `thread::current()` in `wake`, is another thread")
}

pub(crate) fn lost_wakeup() -> Fault {
    Fault::new("lost_wakeup")
        .happened("the waker was called before the thread slept; then the thread went to sleep, and nobody woke it any more")
        .expected("after a wake-up, the future is polled again, even if the wake-up came while the thread was still polling")
        .next("have `wake` set a flag that stays set until the next poll begins: look at it before you sleep, and clear it only then")
}

pub(crate) fn wake_without_a_flag(happened: &str) -> Fault {
    Fault::new("wake_without_a_flag")
        .happened(happened)
        .expected("the future is polled again, whatever else has parked this thread meanwhile")
        .next("add an `AtomicBool` to the waker, which `wake` sets before it calls `unpark`, and park only while it isn't set")
}

pub(crate) fn wake_taken_as_ready(happened: &str) -> Fault {
    Fault::new("wake_taken_as_ready")
        .happened(happened)
        .expected("a wake-up says that it's worth polling again: the future may well return `Pending` again")
        .next("poll in a loop, which only `Poll::Ready` ends")
}

pub(crate) fn unpark_taken_as_wake(happened: &str) -> Fault {
    Fault::new("unpark_taken_as_wake")
        .happened(happened)
        .expected("the function goes on waiting: `park` may return without any reason, too")
        .next("call `park` in a loop that ends once the waker has set its flag")
}

pub(crate) fn blocking_call_in_wake() -> Fault {
    Fault::new("blocking_call_in_wake")
        .happened("a call of the waker didn't return: it waited for something that only a later poll could give")
        .expected("calling a waker never blocks, even if the future is being polled just then, or has been woken before")
        .next("let `wake` only set a flag and call `unpark`: hold no lock while you poll, and send to no channel that can be full")
}

pub(crate) fn panic_in_wake(words: &str) -> Fault {
    Fault::new("panic_in_wake")
        .happened(format!("a call of the waker panicked with \"{words}\""))
        .expected("a waker can be called at any time, twice before a poll and also after `block_on` has returned: then it does nothing")
        .next("remove the `unwrap` from `wake`: that nobody waits, or that somebody has called it before, isn't an error")
}

pub(crate) fn waker_assumed_gone(happened: &str) -> Fault {
    Fault::new("waker_assumed_gone")
        .happened(happened)
        .expected(
            "the function returns as soon as the future is ready, whoever still keeps a waker",
        )
        .next("leave the waker to its `Arc`: don't count, unwrap or wait for its clones")
}

pub(crate) fn unrequested_concurrency_limit() -> Fault {
    Fault::new("unrequested_concurrency_limit")
        .happened("several threads called the function, but while one of them was inside, the others waited for their turn")
        .expected("each thread polls its own future, whatever the others wait for")
        .next("remove the lock that the calls share: each call needs only a waker of its own")
}

pub(crate) fn nested_call_not_supported(happened: &str) -> Fault {
    Fault::new("nested_call_not_supported")
        .happened(happened)
        .expected("a poll may call the function again for another future, and both are woken")
        .next("keep the flag and the waker in local variables, so each call has its own")
}

pub(crate) fn future_leaked(panicked: bool) -> Fault {
    let outcome = if panicked { "panicked" } else { "returned" };
    Fault::new("future_leaked")
        .happened(format!("the function {outcome}, but the future hadn't been dropped"))
        .expected("the future is dropped with the call, and with it whatever it holds: locks, permits, connections")
        .next("pin the future with `pin!`, so that a local variable owns it: `Box::leak`, `ManuallyDrop` and `mem::forget` keep it for ever")
}

pub(crate) fn panic_swallowed(happened: &str) -> Fault {
    Fault::new("panic_swallowed")
        .happened(happened)
        .expected("a panic of the future is a panic of the function that polls it")
        .next("call `poll` without `catch_unwind` around it: the panic passes through by itself")
}
