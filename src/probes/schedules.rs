//! Runs futures in every order in which an executor could poll them.
//!
//! Between two awaits, an async function is alone on its thread. At an await, any other task may come first, and a test
//! sees one of the many orders: the one that its runtime happens to choose. [`every`] runs a test again and again, until
//! each choice was made in each way. [`interleave`] is what makes the choices: it polls one future at a time, and only
//! futures that were woken.
//!
//! ```
//! use std::cell::Cell;
//!
//! use async_workbook::probes::schedules::{every, interleave};
//! use tokio::task::yield_now;
//!
//! async fn add(count: &Cell<u32>) {
//!     let before = count.get();
//!     yield_now().await;
//!     count.set(before + 1);
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let mut counts = Vec::new();
//! every(async |choices| {
//!     let count = Cell::new(0);
//!     interleave(choices, vec![add(&count), add(&count)]).await;
//!     counts.push(count.get());
//! })
//! .await;
//! assert_eq!(counts, [2, 1, 1, 1, 1, 2], "in four of six orders, an addition is lost");
//! # }
//! ```

use std::{fmt, future::poll_fn, pin::pin, task::Poll};

use tokio::task::yield_now;

use super::woken::WhenWoken;

/// More runs than these are a mistake: there are too many futures, or one that never stops yielding.
const MOST_RUNS: usize = 20_000;

/// The choices of one run. A test that asks the same questions in the next run gets other answers.
#[derive(Debug, Default)]
pub struct Choices {
    made: Vec<Choice>,
    /// How many of these this run has asked for.
    asked: usize,
}

#[derive(Clone, Copy, Debug)]
struct Choice {
    picked: usize,
    of: usize,
}

impl Choices {
    /// Picks a number below `of`. Over all runs of [`every`], each of them is picked.
    ///
    /// # Panics
    ///
    /// `of` is zero, or not what it was when all choices before this one were the same: the test depends on something
    /// besides its choices.
    pub fn pick(&mut self, of: usize) -> usize {
        assert!(of > 0, "there is nothing to pick from");
        // What cannot be otherwise is no choice.
        if of == 1 {
            return 0;
        }
        if self.asked == self.made.len() {
            self.made.push(Choice { picked: 0, of });
        }
        let choice = self.made[self.asked];
        assert_eq!(
            choice.of, of,
            "after the same choices ({self}), the test went another way"
        );
        self.asked += 1;
        choice.picked
    }

    /// Prepares the next run: the last choice that can be otherwise is. Returns whether there is one.
    fn advance(&mut self) -> bool {
        self.made.truncate(self.asked);
        self.asked = 0;
        while let Some(last) = self.made.last_mut() {
            if last.picked + 1 < last.of {
                last.picked += 1;
                return true;
            }
            self.made.pop();
        }
        false
    }
}

/// The numbers that were picked so far: `0 1 1`.
impl fmt::Display for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, choice) in self.made[..self.asked].iter().enumerate() {
            let gap = if index > 0 { " " } else { "" };
            write!(f, "{gap}{}", choice.picked)?;
        }
        Ok(())
    }
}

/// Calls `run` once for each way in which its choices can be made, and returns how often that was.
///
/// Everything that one run uses has to be made in it, or one run would change the next.
///
/// # Panics
///
/// There are more than 20,000 ways. A panic in `run` is passed on: it ends the search.
///
/// # Cancel safety
///
/// Dropping this drops the run that is under way.
pub async fn every(mut run: impl AsyncFnMut(&mut Choices)) -> usize {
    let mut choices = Choices::default();
    let mut runs = 0;
    loop {
        run(&mut choices).await;
        runs += 1;
        if !choices.advance() {
            return runs;
        }
        assert!(
            runs < MOST_RUNS,
            "there are more than {MOST_RUNS} orders: try fewer futures"
        );
        yield_now().await;
    }
}

/// Polls futures in the order that `choices` make, one at a time, until all have ended. Returns their outputs in the
/// order of `futures`.
///
/// At each step, one of those is polled that were woken since their last poll. If none was, this waits until one is, and
/// if nothing ever wakes one, for ever: put a `timeout` around it.
///
/// # Cancel safety
///
/// Dropping this drops all futures that have not ended.
pub async fn interleave<F: Future>(choices: &mut Choices, futures: Vec<F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures
        .into_iter()
        .enumerate()
        .map(|(index, future)| (index, WhenWoken::new(future)))
        .collect();
    let mut outputs = Vec::new();
    while !running.is_empty() {
        let woken = poll_fn(|context| {
            let is_woken = |at: &usize| running[*at].1.is_woken(context);
            let woken: Vec<usize> = (0..running.len()).filter(is_woken).collect();
            match woken.is_empty() {
                true => Poll::Pending,
                false => Poll::Ready(woken),
            }
        });
        let woken = woken.await;
        let at = woken[choices.pick(woken.len())];
        let polled = poll_fn(|context| Poll::Ready(pin!(&mut running[at].1).poll(context)));
        if let Poll::Ready(output) = polled.await {
            let (index, _ended) = running.remove(at);
            outputs.push((index, output));
        }
        // The runtime wakes what yielded, and gives the next poll a budget of its own.
        yield_now().await;
    }
    outputs.sort_by_key(|(index, _)| *index);
    outputs.into_iter().map(|(_, output)| output).collect()
}

/// Polls `future` at most so many times, and then drops it, as somebody does who gives up waiting: `None`.
///
/// Between the last poll and the drop, others may be polled, as in real life.
///
/// # Cancel safety
///
/// Dropping this drops `future`, and nothing else.
pub async fn give_up_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        let polled = future.as_mut().poll(context);
        if left == 0 && polled.is_pending() {
            context.waker().wake_by_ref();
        }
        polled.map(Some)
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, time::Duration};

    use tokio::{
        sync::oneshot,
        time::{Instant, sleep, timeout},
    };

    use super::*;

    /// Each order in which a run asked for these choices.
    async fn picked(of: &[usize]) -> Vec<String> {
        let mut seen = Vec::new();
        let runs = every(async |choices| {
            for &of in of {
                choices.pick(of);
            }
            seen.push(choices.to_string());
        })
        .await;
        assert_eq!(runs, seen.len());
        seen
    }

    #[tokio::test]
    async fn each_way_is_taken_once() {
        assert_eq!(picked(&[]).await, [""]);
        assert_eq!(picked(&[1]).await, [""]);
        let all = ["0 0", "0 1", "0 2", "1 0", "1 1", "1 2"];
        assert_eq!(picked(&[2, 3]).await, all);
    }

    #[tokio::test]
    async fn a_choice_may_depend_on_those_before_it() {
        let mut seen = Vec::new();
        every(async |choices| {
            if choices.pick(2) == 0 {
                choices.pick(2);
            }
            seen.push(choices.to_string());
        })
        .await;
        assert_eq!(seen, ["0 0", "0 1", "1"]);
    }

    #[tokio::test]
    #[should_panic(expected = "after the same choices (), the test went another way")]
    async fn a_test_that_remembers_is_caught() {
        let mut of = 2;
        every(async |choices| {
            choices.pick(of);
            of += 1;
        })
        .await;
    }

    async fn steps(name: char, count: usize, seen: &RefCell<String>) {
        for step in 0..count {
            seen.borrow_mut().push(name);
            if step + 1 < count {
                yield_now().await;
            }
        }
    }

    #[tokio::test]
    async fn futures_meet_in_every_order() {
        let mut orders = Vec::new();
        every(async |choices| {
            let seen = RefCell::default();
            interleave(choices, vec![steps('a', 2, &seen), steps('b', 2, &seen)]).await;
            orders.push(seen.into_inner());
        })
        .await;
        assert_eq!(orders, ["aabb", "abab", "abba", "baab", "baba", "bbaa"]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_waits_is_not_polled_until_it_is_woken() {
        let runs = every(async |choices| {
            let start = Instant::now();
            let (sender, receiver) = oneshot::channel();
            let send = async {
                sleep(Duration::from_secs(1)).await;
                sender.send(()).expect("it waits");
                None
            };
            let receive = async { receiver.await.ok() };
            let futures: Vec<std::pin::Pin<Box<dyn Future<Output = Option<()>>>>> =
                vec![Box::pin(send), Box::pin(receive)];
            assert_eq!(interleave(choices, futures).await, [None, Some(())]);
            assert_eq!(start.elapsed(), Duration::from_secs(1));
        })
        .await;
        assert_eq!(runs, 2, "the first polls, in either order");
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_wakes_waits_for_ever() {
        let mut choices = Choices::default();
        let never = interleave(&mut choices, vec![std::future::pending::<()>()]);
        assert!(timeout(Duration::from_secs(3600), never).await.is_err());
    }

    #[tokio::test]
    async fn whoever_gives_up_drops_what_was_begun() {
        let seen = RefCell::default();
        assert_eq!(give_up_after(0, steps('a', 3, &seen)).await, None);
        assert_eq!(give_up_after(2, steps('b', 3, &seen)).await, None);
        assert_eq!(give_up_after(3, steps('c', 3, &seen)).await, Some(()));
        assert_eq!(seen.into_inner(), "bbccc");
    }

    #[tokio::test]
    async fn a_drop_comes_after_any_step_of_another() {
        let mut orders = Vec::new();
        every(async |choices| {
            let seen = RefCell::default();
            let given_up = async {
                give_up_after(1, steps('a', 2, &seen)).await;
                seen.borrow_mut().push('!');
            };
            let futures: Vec<std::pin::Pin<Box<dyn Future<Output = ()>>>> =
                vec![Box::pin(given_up), Box::pin(steps('b', 1, &seen))];
            interleave(choices, futures).await;
            orders.push(seen.into_inner());
        })
        .await;
        assert_eq!(orders, ["a!b", "ab!", "ba!"]);
    }
}
