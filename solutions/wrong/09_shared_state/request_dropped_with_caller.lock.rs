//! No actor at all: each caller makes its deposit itself, under a lock, and one that goes leaves it half made.

use tokio::sync::Mutex as AsyncMutex;

struct Shared {
    bank: Upstream,
    stats: AsyncMutex<Stats>,
}

#[derive(Clone)]
pub struct Account {
    shared: Arc<Shared>,
    _open: mpsc::Sender<()>,
}

pub fn account(
    bank: Upstream,
    _capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (open, mut closed) = mpsc::channel(1);
    let shared = Arc::new(Shared {
        bank,
        stats: AsyncMutex::default(),
    });
    let account = Account {
        shared: shared.clone(),
        _open: open,
    };
    let actor = async move {
        closed.recv().await;
        *shared.stats.lock().await
    };
    (account, actor)
}

impl Account {
    pub async fn deposit(&self, amount: u64) -> Result<u64, DepositError> {
        let mut stats = self.shared.stats.lock().await;
        match self.shared.bank.get(&format!("deposits/{amount}")).await {
            Ok(_) => {
                stats.accepted += 1;
                stats.balance += amount;
                Ok(stats.balance)
            }
            Err(error) => {
                stats.refused += 1;
                Err(DepositError::Refused(error))
            }
        }
    }
}
