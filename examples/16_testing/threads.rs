//! The same addition on threads, in every order: between two awaits, and without any.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use shuttle::{
    sync::atomic::{AtomicU32, Ordering},
    thread,
};

// ANCHOR: threads
/// Two threads add one each. shuttle's atomics and threads take the place of those of `std`: at each of their
/// operations, it decides who goes on, and `check_dfs` tries every decision.
pub(crate) fn report(how: &str, add: fn(&AtomicU32)) {
    let outcomes = Arc::new(Mutex::new(BTreeMap::<u32, u32>::new()));
    let counted = Arc::clone(&outcomes);
    let run = move || {
        let count = Arc::new(AtomicU32::new(0));
        let adds = [(); 2].map(|()| {
            let count = Arc::clone(&count);
            thread::spawn(move || add(&count))
        });
        for add in adds {
            add.join().expect("an addition doesn't panic");
        }
        let count = count.load(Ordering::SeqCst);
        let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
        *counted.entry(count).or_default() += 1;
    };
    shuttle::check_dfs(run, None);
    let outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
    let all: u32 = outcomes.values().sum();
    let lost = outcomes.get(&1).unwrap_or(&0);
    println!("{how}: {all} orders, and {lost} of them lose an addition");
}

pub(crate) fn load_and_store(count: &AtomicU32) {
    let before = count.load(Ordering::SeqCst);
    count.store(before + 1, Ordering::SeqCst);
}

pub(crate) fn fetch_add(count: &AtomicU32) {
    count.fetch_add(1, Ordering::SeqCst);
}
// ANCHOR_END: threads
