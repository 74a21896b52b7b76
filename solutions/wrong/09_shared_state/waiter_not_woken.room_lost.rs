//! Room in the mailbox is passed to the first who waits for it. If that caller is dropped before it's polled again, the
//! room is lost.

use std::collections::VecDeque;

struct Room {
    free: usize,
    waiting: VecDeque<oneshot::Sender<()>>,
    closed: bool,
}

/// The actor's part: those who wait are told if it's dropped.
struct Rooms(Arc<Mutex<Room>>);

impl Rooms {
    fn one_more(&self) {
        let mut room = self.0.lock().unwrap();
        while let Some(next) = room.waiting.pop_front() {
            if next.send(()).is_ok() {
                return;
            }
        }
        room.free += 1;
    }
}

impl Drop for Rooms {
    fn drop(&mut self) {
        let mut room = self.0.lock().unwrap();
        room.closed = true;
        room.waiting.clear();
    }
}

#[derive(Clone)]
pub struct Account {
    mailbox: mpsc::UnboundedSender<Deposit>,
    room: Arc<Mutex<Room>>,
}

pub fn account(
    bank: Upstream,
    capacity: NonZeroUsize,
) -> (Account, impl Future<Output = Stats> + Send + 'static) {
    let (mailbox, mut deposits) = mpsc::unbounded_channel::<Deposit>();
    let room = Arc::new(Mutex::new(Room {
        free: capacity.get(),
        waiting: VecDeque::new(),
        closed: false,
    }));
    let rooms = Rooms(room.clone());
    let actor = async move {
        let mut stats = Stats::default();
        while let Some(Deposit { amount, reply }) = deposits.recv().await {
            rooms.one_more();
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
            let _gone = reply.send(answer);
        }
        stats
    };
    (Account { mailbox, room }, actor)
}

impl Account {
    fn wait_for_room(&self) -> Result<Option<oneshot::Receiver<()>>, DepositError> {
        let mut room = self.room.lock().unwrap();
        if room.closed {
            return Err(DepositError::Closed);
        }
        if room.free > 0 {
            room.free -= 1;
            return Ok(None);
        }
        let (told, waiting) = oneshot::channel();
        room.waiting.push_back(told);
        Ok(Some(waiting))
    }

    pub async fn deposit(&self, amount: u64) -> Result<u64, DepositError> {
        if let Some(waiting) = self.wait_for_room()? {
            waiting.await.map_err(|_| DepositError::Closed)?;
        }
        let (reply, answer) = oneshot::channel();
        let sent = self.mailbox.send(Deposit { amount, reply });
        sent.map_err(|_| DepositError::Closed)?;
        let answer = answer.await.map_err(|_| DepositError::Closed)?;
        answer.map_err(DepositError::Refused)
    }
}
