//! The service that an answer calls: real HTTP on loopback, with a script for its answers and a record of its requests.

use std::{
    convert::Infallible,
    future::{IntoFuture as _, pending},
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_workbook::probes::drops::Drops;
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, connect_info::Connected},
    http::{HeaderMap, HeaderValue, Request, Response},
    serve::{IncomingStream, ListenerExt as _, TapIo},
};
use futures::stream;
use real_services::accepts::{Accepts, Counted};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot},
    time::{Instant, sleep},
};
use tokio_util::task::AbortOnDropHandle;

use crate::reply::{After, Reply, Step};

/// What the path of every request begins with.
pub(crate) const PREFIX: &str = "/v1";

/// A running service. It ends when this is dropped.
pub(crate) struct Service {
    pub(crate) base: String,
    pub(crate) accepts: Accepts,
    pub(crate) drops: Drops,
    record: Arc<Record>,
    _server: AbortOnDropHandle<io::Result<()>>,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Without the prefix that all paths have: `/users/7`.
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) at: Duration,
    /// Numbers of requests and connections begin with 1.
    pub(crate) number: usize,
    pub(crate) connection: usize,
}

#[derive(Default)]
struct Record {
    requests: Mutex<Vec<Seen>>,
    connections: Mutex<Vec<SocketAddr>>,
    high_water: AtomicUsize,
    pieces: AtomicUsize,
}

type Script = dyn Fn(&Seen) -> Reply + Send + Sync;

#[derive(Clone)]
struct Peer(SocketAddr);

type Listening = Counted<TapIo<TcpListener, fn(&mut TcpStream)>>;

impl Connected<IncomingStream<'_, Listening>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Listening>) -> Self {
        Self(*stream.remote_addr())
    }
}

impl Service {
    /// Starts a service whose answers `script` decides on. Its times count from now.
    pub(crate) async fn start(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("loopback is there");
        let address = listener.local_addr().expect("it is bound");
        let (accepts, drops) = (Accepts::default(), Drops::new());
        let record = Arc::<Record>::default();
        let (start, script): (_, Arc<Script>) = (Instant::now(), Arc::new(script));
        let counted: Listening = accepts.count(listener.tap_io(send_at_once));
        let handler = {
            let (drops, record) = (drops.clone(), Arc::clone(&record));
            async move |ConnectInfo(Peer(peer)): ConnectInfo<Peer>, request: Request<Body>| {
                let Some(seen) = record.arrived(request, peer, start).await else {
                    // Its client has gone.
                    return Ok(Response::default());
                };
                let reply = script(&seen);
                Ok::<_, Infallible>(answer(&drops, &record, &seen, reply).await)
            }
        };
        let app = Router::new().fallback(handler);
        let app = app.into_make_service_with_connect_info::<Peer>();
        Self {
            base: format!("http://{address}{PREFIX}"),
            accepts: accepts.clone(),
            drops,
            record,
            _server: AbortOnDropHandle::new(tokio::spawn(axum::serve(counted, app).into_future())),
        }
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Seen> {
        lock(&self.record.requests).clone()
    }

    pub(crate) fn hits(&self) -> usize {
        lock(&self.record.requests).len()
    }

    /// How many answers aren't at their end.
    pub(crate) fn in_flight(&self) -> usize {
        self.drops.alive()
    }

    /// How many answers were under way at once, at most.
    pub(crate) fn high_water(&self) -> usize {
        self.record.high_water.load(Ordering::Relaxed)
    }

    /// How many pieces of bodies the service has handed to the network.
    pub(crate) fn pieces(&self) -> usize {
        self.record.pieces.load(Ordering::Relaxed)
    }

    /// When the requests came.
    pub(crate) fn times(&self) -> Vec<Duration> {
        self.requests().iter().map(|seen| seen.at).collect()
    }
}

impl Record {
    async fn arrived(
        &self,
        request: Request<Body>,
        peer: SocketAddr,
        start: Instant,
    ) -> Option<Seen> {
        let at = start.elapsed();
        let (head, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await.ok()?;
        let connection = {
            let mut connections = lock(&self.connections);
            let known = connections.iter().position(|known| *known == peer);
            known.unwrap_or_else(|| {
                connections.push(peer);
                connections.len() - 1
            }) + 1
        };
        let mut requests = lock(&self.requests);
        let path = head.uri.to_string();
        let seen = Seen {
            method: head.method.to_string(),
            path: match path.strip_prefix(PREFIX) {
                Some(path) => path.to_owned(),
                None => format!("{path}, without {PREFIX}"),
            },
            headers: head.headers,
            body,
            at,
            number: requests.len() + 1,
            connection,
        };
        requests.push(seen.clone());
        Some(seen)
    }
}

/// Otherwise the system holds the last bytes of an answer back for some 40 ms by the wall clock, until the client has
/// acknowledged those before. It fails only if the client has gone.
fn send_at_once(connection: &mut TcpStream) {
    connection.set_nodelay(true).ok();
}

/// The answer to a request. A task makes its body, and ends when the client hangs up.
async fn answer(drops: &Drops, record: &Arc<Record>, seen: &Seen, reply: Reply) -> Response<Body> {
    let (begin, begun) = oneshot::channel();
    let (sender, pieces) = mpsc::channel(1);
    let made = {
        let record = Arc::clone(record);
        let (after, steps) = (reply.after, reply.steps);
        async move {
            match after {
                // Even a sleep of no time takes a tick of the held clock.
                After::Time(Duration::ZERO) => {}
                After::Time(time) => sleep(time).await,
                After::Never => pending().await,
            }
            // Whoever waits for this is dropped together with this task.
            let _gone = begin.send(());
            send(&sender, &record, steps).await;
        }
    };
    let made = drops.watch(&format!("{} {}", seen.method, seen.path), made);
    record
        .high_water
        .fetch_max(drops.alive(), Ordering::Relaxed);
    let task = AbortOnDropHandle::new(tokio::spawn(made));
    let _begun = begun.await;
    let body = stream::unfold((pieces, task), |(mut pieces, task)| async move {
        Some((pieces.recv().await?, (pieces, task)))
    });
    let mut response = Response::new(Body::from_stream(body));
    *response.status_mut() = reply.status;
    for (name, value) in reply.headers {
        let value = HeaderValue::from_bytes(value.as_bytes());
        let value = value.expect("a test's headers are sound");
        response.headers_mut().insert(name, value);
    }
    response
}

async fn send(sender: &mpsc::Sender<io::Result<Bytes>>, record: &Record, steps: Vec<Step>) {
    for step in steps {
        let piece = match step {
            Step::Piece(bytes) => Ok(bytes),
            Step::Break => Err(io::Error::other("the service breaks off")),
            Step::Wait(time) => {
                sleep(time).await;
                continue;
            }
            Step::Stall => pending().await,
        };
        if sender.send(piece).await.is_err() {
            return;
        }
        record.pieces.fetch_add(1, Ordering::Relaxed);
    }
}

// The locks are held for an assignment or a copy, and never across an await.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Seen {
    /// The value of a header, if the request has it.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What was asked for: `GET /users/7`.
    pub(crate) fn what(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The id at the end of the path.
    pub(crate) fn id(&self) -> u64 {
        let last = self.path.rsplit('/').next().unwrap_or_default();
        last.parse().unwrap_or_default()
    }
}
