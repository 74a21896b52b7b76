//! Keeps tokio's paused clock from moving on by itself, so that real sockets and databases can be used with it.

use std::sync::mpsc;

use tokio::task::{self, JoinHandle};

/// Holds the paused clock of a `current_thread` runtime for as long as it lives.
///
/// A paused clock jumps to the next timer as soon as no task can run. It does not see that an answer is on its
/// way through a socket, or that a database works on a thread of its own: it takes such a wait for an idle one,
/// and every timeout runs out at once. tokio does not move the clock while a job of `spawn_blocking` is under
/// way, and so the hold is such a job, which waits until the hold is released or dropped.
///
/// Release it when all that is left to wait for are timers. On a clock that is not paused it changes nothing.
///
/// ```
/// # use std::time::Duration;
/// use async_workbook::{clock::Hold, services::upstream::Upstream};
/// use real_services::http::OverHttp as _;
/// use tokio::time::{Instant, timeout};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> std::io::Result<()> {
/// let start = Instant::now();
/// let hold = Hold::new();
/// let day = Duration::from_secs(24 * 60 * 60);
/// let upstream = Upstream::builder().page("slow", day).build().over_http().await?;
///
/// let call = upstream.clone();
/// let call = tokio::spawn(async move { timeout(day / 2, call.get("slow")).await });
/// assert!(hold.until(|| upstream.in_flight() == 1).await, "the call is at the service");
/// assert!(start.elapsed().is_zero());
///
/// // Nothing is on its way any more: what is left are two timers.
/// hold.release().await;
/// assert!(call.await?.is_err(), "the timeout ran out");
/// assert_eq!(start.elapsed(), day / 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "the clock goes on when this is dropped"]
pub struct Hold {
    // Dropping the sender is what ends the job.
    release: mpsc::Sender<()>,
    job: JoinHandle<()>,
}

impl Hold {
    /// How many turns [`until`](Self::until) takes at most.
    pub const TURNS: usize = 2_000;

    /// Holds the clock of the caller's runtime from now on.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    pub fn new() -> Self {
        let (release, released) = mpsc::channel();
        let job = task::spawn_blocking(move || {
            // Nothing is ever sent: an error is how the end of the hold shows.
            let _end = released.recv();
        });
        Self { release, job }
    }

    /// Lets the clock go on.
    ///
    /// # Cancel safety
    ///
    /// The clock goes on all the same if this is dropped, a moment later.
    pub async fn release(self) {
        drop(self.release);
        // The clock is held until the job has ended, not only until it was told to.
        self.job.await.expect("it only waits");
    }

    /// Gives way, turn by turn, until `condition` holds. Returns whether it does.
    ///
    /// A turn is a job on another thread and the way back, in which this thread takes whatever sockets and
    /// other threads have for it. So patience is counted in turns of a thread, and not in time: on a busy
    /// machine they take longer, as everything else does. After [`TURNS`](Self::TURNS) of them this returns
    /// `false`, in some tenths of a second on a machine with nothing else to do.
    ///
    /// # Cancel safety
    ///
    /// It may be dropped at any time.
    pub async fn until(&self, mut condition: impl FnMut() -> bool) -> bool {
        for _ in 0..Self::TURNS {
            if condition() {
                return true;
            }
            self.turn().await;
        }
        condition()
    }

    /// Gives way for as many turns, whatever happens in them: so that what is on its way arrives.
    ///
    /// # Cancel safety
    ///
    /// It may be dropped at any time.
    pub async fn turns(&self, turns: usize) {
        for _ in 0..turns {
            self.turn().await;
        }
    }

    async fn turn(&self) {
        task::spawn_blocking(|| ()).await.expect("it does nothing");
        // The way back wakes only this task. What the sockets have in store is taken once no task is ready.
        task::yield_now().await;
    }
}

impl Default for Hold {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::{TcpListener, TcpStream},
        time::{Instant, sleep, timeout},
    };

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[tokio::test(start_paused = true)]
    async fn the_clock_stands_until_the_hold_is_released() {
        let start = Instant::now();
        let hold = Hold::new();
        let timer = tokio::spawn(sleep(HOUR));
        assert!(!hold.until(|| timer.is_finished()).await);
        assert!(start.elapsed().is_zero());
        hold.release().await;
        timer.await.expect("it does not panic");
        assert_eq!(start.elapsed(), HOUR);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_hold_lets_the_clock_go_on() {
        let start = Instant::now();
        drop(Hold::new());
        sleep(HOUR).await;
        assert_eq!(start.elapsed(), HOUR);
    }

    /// Without the hold, the timeout runs out before the bytes are there.
    #[tokio::test(start_paused = true)]
    async fn a_timeout_around_a_real_socket_does_not_run_out() {
        let _hold = Hold::new();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("loopback");
        let address = listener.local_addr().expect("it is bound");
        let server = tokio::spawn(async move {
            let (mut peer, _) = listener.accept().await.expect("the client connects");
            peer.write_all(b"hello").await.expect("the client reads");
        });
        let exchange = async {
            let mut stream = TcpStream::connect(address).await.expect("it listens");
            let mut text = String::new();
            stream.read_to_string(&mut text).await.expect("it is text");
            text
        };
        let text = timeout(Duration::from_millis(1), exchange).await;
        assert_eq!(text.expect("the clock stands"), "hello");
        server.await.expect("it does not panic");
    }

    #[tokio::test]
    async fn turns_are_enough_for_other_tasks_and_threads() {
        let hold = Hold::new();
        let task = tokio::spawn(async { task::yield_now().await });
        let thread = std::thread::spawn(|| ());
        assert!(
            hold.until(|| task.is_finished() && thread.is_finished())
                .await
        );
        hold.turns(3).await;
    }
}
