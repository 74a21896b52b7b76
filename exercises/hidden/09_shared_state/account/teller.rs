//! An account, its actor and its bank.

use std::{num::NonZeroUsize, time::Duration};

use async_workbook::{
    clock::timed,
    harness::counted,
    services::upstream::{Route, Upstream, UpstreamError},
    verdict::{Fault, catch_panic, ensure, mark},
};
use futures::future::BoxFuture;
use tokio::{
    task::{JoinHandle, yield_now},
    time::timeout,
};

use super::{LATENCY, faults::*};
pub(super) use crate::callers::answers;
use crate::{
    Actor, Answer, DepositError, Depositor, Stats,
    callers::{Got, HANGS, caller, without_blocking, yielding_caller},
    faults::extra_call_made,
};

pub(super) type Reply = Result<u64, DepositError>;

/// A deposit that the bank refuses.
pub(super) const REFUSED: u64 = 99;

/// Too large for 32 bits. With one more, it's too large for the 53 bits of an `f64`.
pub(super) const LARGE: u64 = 1 << 53;

pub(super) struct Teller {
    pub(super) bank: Upstream,
    handle: Box<dyn Depositor>,
    actor: Option<Actor>,
    running: Option<JoinHandle<Stats>>,
}

impl Teller {
    pub(super) fn new(answer: &Answer, capacity: usize) -> Self {
        Self::with_latencies(answer, capacity, |_| LATENCY)
    }

    pub(super) fn with_latencies(
        answer: &Answer,
        capacity: usize,
        latency: impl Fn(u64) -> Duration,
    ) -> Self {
        let refused = Route::new(path_of(REFUSED)).latency(LATENCY).fails(503);
        let bank = (0..=7)
            .chain([LARGE])
            .fold(Upstream::builder().route(refused), |bank, amount| {
                bank.page(path_of(amount), latency(amount))
            })
            .build();
        let capacity = NonZeroUsize::new(capacity).expect("there's room for one at least");
        let (handle, actor) = (answer.account)(bank.clone(), capacity);
        Self {
            bank,
            handle,
            actor: Some(actor),
            running: None,
        }
    }

    /// Polls the actor from now on, on a task of its own.
    pub(super) fn open(&mut self) {
        let actor = self.take_actor();
        self.open_with(actor);
    }

    pub(super) fn take_actor(&mut self) -> Actor {
        self.actor.take().expect("it's opened once")
    }

    pub(super) fn open_with(&mut self, actor: impl Future<Output = Stats> + Send + 'static) {
        self.running = Some(tokio::spawn(actor));
    }

    /// Goes on with a clone, without the handle that it was cloned from.
    pub(super) fn replace_handle(&mut self) {
        self.handle = self.handle.call_clone();
    }

    /// A caller with a handle of its own.
    pub(super) fn caller(&self, amount: u64) -> JoinHandle<Got<Reply>> {
        let handle = self.handle.call_clone();
        let calling = async move { handle.call_deposit(amount).await };
        caller(&format!("deposit {amount}"), calling)
    }

    /// A caller whose panic is a reply of its own.
    pub(super) fn careful_caller(&self, amount: u64) -> JoinHandle<Got<Result<Reply, String>>> {
        let handle = self.handle.call_clone();
        let calling = async move { catch_panic(handle.call_deposit(amount)).await };
        caller(&format!("deposit {amount}"), calling)
    }

    /// A caller that gets on only when it's polled by whoever has it.
    pub(super) fn polled_by_hand(&self, amount: u64) -> BoxFuture<'static, Reply> {
        let handle = self.handle.call_clone();
        Box::pin(async move { handle.call_deposit(amount).await })
    }

    pub(super) fn caller_with(&self, amount: u64, operations: usize) -> JoinHandle<Got<Reply>> {
        let handle = self.handle.call_clone();
        let calling = async move { handle.call_deposit(amount).await };
        yielding_caller(&format!("deposit {amount}"), operations, calling)
    }

    /// One deposit, with the actor open.
    pub(super) async fn deposit(&mut self, amount: u64) -> Result<Got<Reply>, Fault> {
        let depositing = timeout(HANGS, timed(self.handle.call_deposit(amount)));
        match without_blocking("Account::deposit", depositing).await? {
            Ok((Err(DepositError::Closed), _)) => {
                self.still_open("while a handle was left").await?;
                Err(refusal_lost(
                    "a caller got `Closed`, and the actor was still there".into(),
                ))
            }
            Ok(got) => Ok(got),
            Err(_) => {
                self.still_open("while a handle was left").await?;
                Err(never_answered(format!(
                    "a deposit of {amount} never got a reply"
                )))
            }
        }
    }

    /// The actor hasn't ended or panicked.
    pub(super) async fn still_open(&mut self, when: &str) -> Result<(), Fault> {
        for _ in 0..10 {
            yield_now().await;
        }
        let Some(running) = self
            .running
            .as_mut()
            .filter(|running| running.is_finished())
        else {
            return Ok(());
        };
        let how = match running.await {
            Ok(_) => "ended".to_owned(),
            Err(error) => how_it_panicked(error),
        };
        Err(actor_ended_early(format!("{when}, the actor {how}")))
    }

    /// Drops the last handle, and waits until the actor has ended.
    pub(super) async fn close(self) -> Result<Stats, Fault> {
        let Self {
            handle, running, ..
        } = self;
        drop(handle);
        mark("the last handle is dropped");
        let mut running = running.expect("it was opened");
        match timeout(HANGS, &mut running).await {
            Ok(Ok(stats)) => Ok(stats),
            Ok(Err(error)) => Err(actor_ended_early(format!(
                "after the last handle was dropped, the actor {}",
                how_it_panicked(error)
            ))),
            Err(_) => {
                running.abort();
                Err(spare_sender_kept())
            }
        }
    }

    /// Drops the last handle, and compares what the actor returns at its end with these.
    pub(super) async fn closes_with(
        self,
        accepted: usize,
        refused: usize,
        balance: u64,
    ) -> Result<(), Fault> {
        let expected = Stats {
            accepted,
            refused,
            balance,
        };
        right_stats(self.close().await?, expected)
    }

    /// Drops the actor where it is.
    pub(super) async fn abort(&mut self) {
        drop(self.actor.take());
        if let Some(running) = self.running.take() {
            crate::callers::dropped(running).await;
        }
    }

    /// The amounts that the bank was asked for.
    pub(super) fn order(&self) -> Vec<u64> {
        let calls = self.bank.calls().into_iter();
        let begun = calls.filter(|call| call.started.is_some());
        begun
            .map(|call| {
                call.path
                    .trim_start_matches("deposits/")
                    .parse()
                    .unwrap_or(0)
            })
            .collect()
    }

    /// The last call was for this amount.
    pub(super) fn asked_for(&self, amount: u64) -> Result<(), Fault> {
        let asked = self.order().pop();
        ensure(asked == Some(amount), || {
            Fault::new("data_altered")
                .happened(format!(
                    "for a deposit of {amount}, the bank was asked for one of {}",
                    asked.map_or("nothing".into(), |asked| asked.to_string())
                ))
                .expected(
                    "the bank is asked for `deposits/<amount>`, with the amount of the deposit",
                )
                .next("keep the amount a `u64`, from `deposit` to the path of the call")
        })
    }

    pub(super) fn made_calls(&self, expected: usize) -> Result<(), Fault> {
        let made = self.bank.calls();
        let strange = made.iter().find(|call| {
            call.path
                .strip_prefix("deposits/")
                .is_none_or(|amount| amount.parse::<u64>().is_err())
        });
        if let Some(call) = strange {
            return Err(Fault::new("data_altered")
                .happened(format!("the bank was asked for `{}`", call.path))
                .expected("the bank is asked for `deposits/<amount>`, as in `deposits/5`")
                .next("pass `&format!(\"deposits/{amount}\")` to `get`"));
        }
        let made = made.len();
        ensure(made >= expected, || {
            crate::faults::call_skipped(format!(
                "after {}, the bank had got {}",
                counted(expected, "deposit"),
                counted(made, "call")
            ))
        })?;
        ensure(made == expected, || {
            extra_call_made(made, expected, &counted(expected, "deposit"))
        })
    }
}

fn how_it_panicked(error: tokio::task::JoinError) -> String {
    if !error.is_panic() {
        return "was aborted".into();
    }
    let payload = error.into_panic();
    let message = payload
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| {
            payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
        })
        .unwrap_or_default();
    format!("panicked: {}", message.lines().next().unwrap_or_default())
}

fn path_of(amount: u64) -> String {
    format!("deposits/{amount}")
}

pub(super) fn refusal() -> UpstreamError {
    UpstreamError::Status {
        path: path_of(REFUSED),
        status: 503,
    }
}
