//! Also right: the call runs on a task that owns the path's lock, so it goes on when its caller has gone; a whole account
//! in a stream.

use std::{
    collections::{BTreeMap, HashMap},
    num::NonZeroUsize,
    panic,
    sync::{Arc, Mutex},
};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::{StreamExt as _, stream};
use tokio::{
    sync::{Mutex as AsyncMutex, mpsc, oneshot},
    task::JoinHandle,
};

/// The guard is a temporary of one line.
pub struct Counters {
    audit: Upstream,
    visits: Mutex<BTreeMap<String, u64>>,
}

impl Counters {
    pub fn new(audit: Upstream) -> Self {
        Self {
            audit,
            visits: Mutex::default(),
        }
    }

    fn count(&self, path: &str) -> u64 {
        let mut visits = self.visits.lock().unwrap();
        let number = visits.get(path).copied().unwrap_or(0) + 1;
        visits.insert(path.to_owned(), number);
        number
    }

    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = self.count(path);
        match self.audit.get(path).await {
            Ok(_) => Ok(number),
            Err(error) => Err(error),
        }
    }

    pub fn visits(&self, path: &str) -> u64 {
        self.visits
            .lock()
            .unwrap()
            .get(path)
            .map_or(0, |visits| *visits)
    }
}

type Slot = Arc<AsyncMutex<Option<Arc<Page>>>>;

pub struct Cache {
    upstream: Upstream,
    pages: Mutex<HashMap<String, Slot>>,
}

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            pages: Mutex::default(),
        }
    }

    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        let slot: Slot = self
            .pages
            .lock()
            .unwrap()
            .entry(path.to_owned())
            .or_default()
            .clone();
        let mut slot = slot.lock_owned().await;
        if let Some(page) = &*slot {
            return Ok(Arc::clone(page));
        }
        let (upstream, path) = (self.upstream.clone(), path.to_owned());
        let call = tokio::spawn(async move {
            let page = Arc::new(upstream.get(&path).await?);
            *slot = Some(Arc::clone(&page));
            Ok(page)
        });
        call.await
            .unwrap_or_else(|error| panic::resume_unwind(error.into_panic()))
    }
}

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, deposits) = mpsc::channel::<Deposit>(capacity.get());
    let deposits = stream::unfold(deposits, async |mut deposits| {
        Some((deposits.recv().await?, deposits))
    });
    let actor = deposits.fold(Stats::default(), move |mut stats, deposit| {
        let bank = bank.clone();
        async move {
            let made = bank.get(&format!("deposits/{}", deposit.amount)).await;
            let reply = made.map(|_| stats.balance + deposit.amount);
            match &reply {
                Ok(balance) => {
                    stats.accepted += 1;
                    stats.balance = *balance;
                }
                Err(_) => stats.refused += 1,
            }
            let _ = deposit.reply.send(reply);
            stats
        }
    });
    (Account { mailbox }, actor)
}

pub fn request(
    counters: Arc<Counters>,
    cache: Arc<Cache>,
    path: String,
) -> JoinHandle<Result<Arc<Page>, UpstreamError>> {
    tokio::spawn(async move {
        counters.bump(&path).await?;
        cache.get_or_fetch(&path).await
    })
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum DepositError {
    Refused(UpstreamError),
    Closed,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Stats {
    pub accepted: usize,
    pub refused: usize,
    pub balance: u64,
}

/// What the handles send: the amount, and where the answer goes.
struct Deposit {
    amount: u64,
    reply: oneshot::Sender<Result<u64, UpstreamError>>,
}

/// All handles are clones of one sender. When the last of them is dropped, the channel closes.
#[derive(Clone)]
pub struct Account {
    mailbox: mpsc::Sender<Deposit>,
}

impl Account {
    /// Either error means that the actor was dropped: with its receiver, or with the request that held `reply`.
    pub async fn deposit(&self, amount: u64) -> Result<u64, DepositError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.mailbox.send(Deposit { amount, reply }).await;
        sent.map_err(|_| DepositError::Closed)?;
        let answer = answer.await.map_err(|_| DepositError::Closed)?;
        answer.map_err(DepositError::Refused)
    }
}

// Hands these functions to the hidden tests. Leave this line as it is.
hidden_shared_state::grade!();
