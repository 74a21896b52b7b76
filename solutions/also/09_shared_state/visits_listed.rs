//! A list of all visits. Slow, and right: the number of a visit is how many of the list are of its path.

use std::{
    collections::HashMap,
    num::NonZeroUsize,
    sync::{Arc, Mutex},
};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use tokio::{
    sync::{OnceCell, mpsc, oneshot},
    task::JoinHandle,
};

pub struct Counters {
    audit: Upstream,
    visits: Mutex<Vec<String>>,
}

impl Counters {
    pub fn new(audit: Upstream) -> Self {
        Self {
            audit,
            visits: Mutex::default(),
        }
    }

    pub async fn bump(&self, path: &str) -> Result<u64, UpstreamError> {
        let number = {
            let mut visits = self.visits.lock().unwrap();
            visits.push(path.to_owned());
            visits.iter().filter(|visit| *visit == path).count() as u64
        };
        self.audit.get(path).await?;
        Ok(number)
    }

    pub fn visits(&self, path: &str) -> u64 {
        let visits = self.visits.lock().unwrap();
        visits.iter().filter(|visit| *visit == path).count() as u64
    }
}

/// One lock for the map, which is never held across a wait, and a cell for each path, in which callers wait for
/// each other.
pub struct Cache {
    upstream: Upstream,
    pages: Mutex<HashMap<String, Slot>>,
}

/// Shared by the map and by everybody who waits for this page.
type Slot = Arc<OnceCell<Arc<Page>>>;

impl Cache {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            pages: Mutex::new(HashMap::new()),
        }
    }

    /// `get_or_try_init` has one caller at a time run the closure, and keeps only an `Ok`. If that caller fails or is
    /// dropped, the next in line takes over.
    pub async fn get_or_fetch(&self, path: &str) -> Result<Arc<Page>, UpstreamError> {
        // The guard is dropped at the end of this block, and the `Arc` outlives it.
        let slot = {
            let mut pages = self.pages.lock().expect("nobody panics with the lock");
            Arc::clone(pages.entry(path.to_owned()).or_default())
        };
        let page = slot
            .get_or_try_init(|| async { self.upstream.get(path).await.map(Arc::new) })
            .await?;
        Ok(Arc::clone(page))
    }
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

/// The balance is a local variable of the actor: nobody else can reach it, so it needs no lock.
pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::channel::<Deposit>(capacity.get());
    let actor = async move {
        let mut stats = Stats::default();
        // `None` means that the last handle is gone and the mailbox is empty. The actor keeps no sender of its own.
        while let Some(Deposit { amount, reply }) = deposits.recv().await {
            let answer = match bank.get(&format!("deposits/{amount}")).await {
                Ok(_) => {
                    stats.accepted += 1;
                    stats.balance += amount;
                    Ok(stats.balance)
                }
                Err(error) => {
                    stats.refused += 1;
                    Err(error)
                }
            };
            // It fails if the caller has gone. The deposit has been made all the same.
            let _gone = reply.send(answer);
        }
        stats
    };
    (Account { mailbox }, actor)
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
