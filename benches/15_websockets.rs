//! Chapter 15: one slow peer among a hundred, and what it costs to hand a message to 10, 1,000 and 10,000 peers. After that,
//! how much memory a peer takes.

use std::{
    fs,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use async_workbook::clock::{Clock, timed};
use futures::{FutureExt as _, SinkExt as _, StreamExt as _};
use suite::{Suite, runtime};
use tokio::{
    io::{AsyncReadExt as _, DuplexStream, duplex},
    sync::{Notify, broadcast, mpsc},
    task::JoinSet,
    time::sleep,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message, Utf8Bytes,
        protocol::{Role, WebSocketConfig},
    },
};

const MESSAGES: usize = 6;

/// How long the slow peer rests after each message.
const REST: Duration = Duration::from_millis(50);

/// As many bytes as a message has on the wire.
const PIPE: usize = 32;

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    slow_peer(suite);
    for (peers, name) in [(10, "10"), (1_000, "1,000"), (10_000, "10,000")] {
        fan_out(suite, peers, name);
    }
    for (peers, name) in [(10, "10"), (1_000, "1,000")] {
        over_websockets(suite, peers, name);
    }
    if suite::measures() {
        memory();
    }
}

fn small_buffers() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(1024)
        .write_buffer_size(0)
}

type Socket = WebSocketStream<DuplexStream>;

/// The service's end of a connection, and a task that reads the other end.
async fn connect(room: usize, rest: Duration, tasks: &mut JoinSet<()>) -> Socket {
    let (service, mut peer) = duplex(room);
    tasks.spawn(async move {
        let mut bytes = vec![0; room];
        while let Ok(1..) = peer.read(&mut bytes).await {
            if !rest.is_zero() {
                sleep(rest).await;
            }
        }
    });
    WebSocketStream::from_raw_socket(service, Role::Server, Some(small_buffers())).await
}

fn text(number: usize) -> Message {
    Message::text(format!("{number:>30}"))
}

/// A hundred peers, the first of which is slow. Returns when all others have all messages.
async fn in_turn() {
    let mut tasks = JoinSet::new();
    let mut sockets = vec![connect(PIPE, REST, &mut tasks).await];
    for _ in 1..100 {
        sockets.push(connect(PIPE, Duration::ZERO, &mut tasks).await);
    }
    for number in 0..MESSAGES {
        for socket in &mut sockets {
            socket.send(text(number)).await.expect("the peer is there");
        }
    }
}

async fn with_outboxes() {
    let mut tasks = JoinSet::new();
    let mut quick = JoinSet::new();
    let hub = broadcast::Sender::new(MESSAGES.next_power_of_two());
    for number in 0..100 {
        let rest = if number == 0 { REST } else { Duration::ZERO };
        let mut socket = connect(PIPE, rest, &mut tasks).await;
        let mut messages = hub.subscribe();
        let sends = async move {
            for _ in 0..MESSAGES {
                let message: Message = messages.recv().await.expect("the hub is there");
                socket.send(message).await.expect("the peer is there");
            }
        };
        if number == 0 {
            tasks.spawn(sends);
        } else {
            quick.spawn(sends);
        }
    }
    for number in 0..MESSAGES {
        hub.send(text(number)).expect("there are members");
    }
    quick.join_all().await;
}

/// What a way takes if only its waits take time: what it takes on the paused clock.
fn ideal(way: impl Future<Output = ()>) -> Duration {
    let runtime = Clock::Virtual.runtime().expect("there are resources left");
    runtime.block_on(timed(way)).1
}

fn slow_peer(suite: &mut Suite) {
    let runtime = runtime();
    suite
        .scenario(
            "15_websockets",
            "6 messages to 100 peers, one slow",
            1,
            None,
        )
        .way("each send in turn", Some(ideal(in_turn())), |bencher| {
            bencher.to_async(&runtime).iter(in_turn);
        })
        // Nobody waits for the slow peer then, so this would take no time at all.
        .way("a task for each peer", None, |bencher| {
            bencher.to_async(&runtime).iter(with_outboxes);
        });
}

/// Counts what has arrived.
#[derive(Default)]
struct Arrived {
    left: AtomicUsize,
    all: Notify,
}

impl Arrived {
    fn one(&self) {
        if self.left.fetch_sub(1, Relaxed) == 1 {
            self.all.notify_one();
        }
    }
}

/// A message of 16 KiB.
fn long_text() -> String {
    "a long message. ".repeat(1024)
}

fn fan_out(suite: &mut Suite, peers: usize, shown: &str) {
    let runtime = runtime();
    let name = format!("16 KiB to {shown} members");
    let mut ways = suite.scenario("15_websockets", &name, 1, None);

    let arrived = Arc::new(Arrived::default());
    let mut tasks = JoinSet::new();
    let queues: Vec<_> = (0..peers)
        .map(|_| {
            let (queue, mut messages) = mpsc::channel::<String>(4);
            let arrived = Arc::clone(&arrived);
            let takes = async move {
                while messages.recv().await.is_some() {
                    arrived.one();
                }
            };
            tasks.spawn_on(takes, runtime.handle());
            queue
        })
        .collect();
    let long = long_text();
    ways.way("a copy in a queue for each", None, |bencher| {
        bencher.to_async(&runtime).iter(|| async {
            arrived.left.store(peers, Relaxed);
            for queue in &queues {
                queue.try_send(long.clone()).expect("there's room");
            }
            arrived.all.notified().await;
        });
    });

    let hub = broadcast::Sender::new(4);
    for _ in 0..peers {
        let (mut messages, arrived) = (hub.subscribe(), Arc::clone(&arrived));
        let takes = async move {
            while messages.recv().await.is_ok() {
                arrived.one();
            }
        };
        tasks.spawn_on(takes, runtime.handle());
    }
    let long = Utf8Bytes::from(long_text());
    ways.way("`broadcast`, and the text shared", None, |bencher| {
        bencher.to_async(&runtime).iter(|| async {
            arrived.left.store(peers, Relaxed);
            hub.send(long.clone()).expect("there are members");
            arrived.all.notified().await;
        });
    });
}

/// The same over real frames, which every socket copies into its own buffer.
fn over_websockets(suite: &mut Suite, peers: usize, shown: &str) {
    let runtime = runtime();
    let arrived = Arc::new(Arrived::default());
    let hub = broadcast::Sender::new(4);
    let mut tasks = JoinSet::new();
    runtime.block_on(async {
        for _ in 0..peers {
            let mut socket = connect(32 * 1024, Duration::ZERO, &mut tasks).await;
            let mut messages = hub.subscribe();
            let arrived = Arc::clone(&arrived);
            tasks.spawn(async move {
                while let Ok(text) = messages.recv().await {
                    let sent = socket.send(Message::Text(text)).await;
                    sent.expect("the peer is there");
                    arrived.one();
                }
            });
        }
    });
    let long = Utf8Bytes::from(long_text());
    let name = format!("16 KiB to {shown} peers over WebSockets");
    let mut ways = suite.scenario("15_websockets", &name, 1, None);
    ways.way("`broadcast`, and a task for each", None, |bencher| {
        bencher.to_async(&runtime).iter(|| async {
            arrived.left.store(peers, Relaxed);
            hub.send(long.clone()).expect("there are members");
            arrived.all.notified().await;
        });
    });
}

/// Says how much memory a peer takes that has said nothing yet, where the system tells.
fn memory() {
    const PEERS: usize = 1_000;
    let runtime = runtime();
    for (name, config) in [
        ("as they come", WebSocketConfig::default()),
        (
            "of 4 KiB",
            WebSocketConfig::default().read_buffer_size(4096),
        ),
    ] {
        let Some(before) = resident_kib() else {
            println!("how much memory a peer takes: only Linux tells");
            return;
        };
        let sockets = runtime.block_on(async {
            let mut sockets = Vec::new();
            for _ in 0..PEERS {
                let (service, peer) = duplex(64);
                let socket = WebSocketStream::from_raw_socket(service, Role::Server, Some(config));
                let mut socket = socket.await;
                // It's awaited once, as every service does.
                assert!(socket.next().now_or_never().is_none());
                sockets.push((socket, peer));
            }
            sockets
        });
        let after = resident_kib().unwrap_or(before);
        let each = after.saturating_sub(before) as f64 / PEERS as f64;
        println!("a peer that says nothing, with read buffers {name}: {each:.1} KiB");
        drop(sockets);
    }
}

fn resident_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
