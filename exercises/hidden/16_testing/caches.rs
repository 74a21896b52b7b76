//! Caches of one page, right and wrong ones.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use async_workbook::services::upstream::{Page, Upstream, UpstreamError};
use futures::{
    FutureExt as _,
    future::{BoxFuture, Shared, WeakShared},
};
use tokio::{
    sync::watch,
    task::yield_now,
    time::{Instant, sleep},
};
use tracing::{Instrument as _, Span, field::Empty, info_span};

/// What `get` returns.
pub(crate) type Fetched = Result<Page, UpstreamError>;

/// A cache under test. What is asked of it shows on the timeline.
pub struct Cache(Arc<Store>);

impl Cache {
    pub(crate) fn new(upstream: Upstream, kind: Kind) -> Self {
        let store = Store {
            upstream,
            kind,
            kept: Mutex::default(),
            running: Mutex::default(),
            owned: Mutex::default(),
            led: Mutex::default(),
        };
        let cache = Self(Arc::new(store));
        if kind == Kind::Eager {
            tokio::spawn(Arc::clone(&cache.0).get());
        }
        cache
    }

    pub fn get(&self) -> BoxFuture<'_, Fetched> {
        let span = info_span!("get", label = "get", outcome = Empty);
        let get = Arc::clone(&self.0).get();
        let watched = async {
            let fetched = get.await;
            Span::current().record("outcome", outcome(&fetched));
            fetched
        };
        watched.instrument(span).boxed()
    }
}

fn outcome(fetched: &Fetched) -> &'static str {
    match fetched {
        Ok(_) => "answered",
        Err(_) => "failed",
    }
}

/// In what a cache differs from the simplest right one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    // Right ones.
    /// Those who wait poll the call. It ends with the last of them.
    Simple,
    /// The call has a task of its own, which goes on if everybody has gone. A page is still good at 60 s sharp.
    OnATask,
    /// It takes a few polls to answer, as an actor does, and no time.
    Unhurried,
    /// The first caller makes the call. If it's dropped, one of the others makes another.
    HandsOver,

    // Wrong ones.
    Forgetful,
    ForEver,
    HalfAMinute,
    FromTheCall,
    Sliding,
    Stale,
    OneEach,
    ErrorKept,
    ErrorHidden,
    ErrorRetried,
    LeaderGone,
    FollowersFail,
    OneForAll,
    Eager,
    SlowHit,
    Renews,
    SharesOnce,
}

/// How long a page is good.
const GOOD: Duration = Duration::from_secs(60);

struct Store {
    upstream: Upstream,
    kind: Kind,
    kept: Mutex<Option<Kept>>,
    running: Mutex<Option<Running>>,
    /// Only for `OnATask`, whose call goes on when nobody waits for it.
    owned: Mutex<Option<Call>>,
    /// Only for `HandsOver`, `LeaderGone` and `FollowersFail`: what the caller who makes the call has to tell the others.
    led: Mutex<Option<Led>>,
}

/// What came, and since when it is good.
#[derive(Clone, Debug)]
struct Kept {
    fetched: Fetched,
    since: Instant,
}

/// What the caller who makes the call tells the others, once it's there.
type Told = Option<Fetched>;

struct Led {
    told: watch::Receiver<Told>,
    /// If it's here, the channel doesn't end with the caller.
    _tell: Option<Arc<watch::Sender<Told>>>,
}

type Call = Shared<BoxFuture<'static, Fetched>>;
type Running = WeakShared<BoxFuture<'static, Fetched>>;

/// What all caches of the kind `OneForAll` share.
static SHARED: Mutex<Option<Kept>> = Mutex::new(None);

/// Nothing panics while one of these is locked.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store {
    fn get(self: Arc<Self>) -> BoxFuture<'static, Fetched> {
        async move {
            if self.kind == Kind::Unhurried {
                yield_now().await;
                yield_now().await;
            }
            if let Some(kept) = self.hit() {
                if self.kind == Kind::SlowHit {
                    sleep(Duration::from_millis(1)).await;
                }
                return kept;
            }
            let had_page = self.kept().is_some();
            match self.kind {
                Kind::OneEach => self.call().await,
                Kind::SharesOnce if had_page => self.call().await,
                Kind::HandsOver | Kind::LeaderGone | Kind::FollowersFail => self.led().await,
                _ => {
                    let (call, is_first) = self.joined();
                    let fetched = call.await;
                    if self.kind == Kind::ErrorRetried && !is_first && fetched.is_err() {
                        return self.call().await;
                    }
                    fetched
                }
            }
        }
        .boxed()
    }

    fn kept(&self) -> MutexGuard<'_, Option<Kept>> {
        match self.kind {
            Kind::OneForAll => lock(&SHARED),
            _ => lock(&self.kept),
        }
    }

    /// What is kept, if it's good.
    fn hit(&self) -> Option<Fetched> {
        let mut kept = self.kept();
        let kept = kept.as_mut()?;
        let age = kept.since.elapsed();
        let is_good = match self.kind {
            Kind::Forgetful => false,
            Kind::ForEver => true,
            Kind::HalfAMinute => age < GOOD / 2,
            Kind::OnATask => age <= GOOD,
            _ => age < GOOD,
        };
        if is_good && self.kind == Kind::Sliding {
            kept.since = Instant::now();
        }
        is_good.then(|| kept.fetched.clone())
    }

    /// The call that is running, or a new one, and whether it's new.
    fn joined(self: &Arc<Self>) -> (Call, bool) {
        let mut running = lock(&self.running);
        if let Some(call) = running.as_ref().and_then(Running::upgrade) {
            return (call, false);
        }
        let store = Arc::clone(self);
        let call = async move {
            let fetched = store.call().await;
            if store.kind == Kind::Renews {
                tokio::spawn(renewed(Arc::downgrade(&store)));
            }
            fetched
        };
        let call = match self.kind {
            Kind::OnATask => {
                let task = tokio::spawn(call.in_current_span());
                async { task.await.expect("the call doesn't panic") }.boxed()
            }
            _ => call.boxed(),
        };
        let call = call.shared();
        *running = call.downgrade();
        if self.kind == Kind::OnATask {
            *lock(&self.owned) = Some(call.clone());
        }
        (call, true)
    }

    /// Calls the upstream, and keeps what comes.
    async fn call(&self) -> Fetched {
        let began = Instant::now();
        let fetched = self.upstream.get("rates").await;
        *lock(&self.running) = None;
        *lock(&self.owned) = None;
        let mut kept = self.kept();
        let old = kept.as_ref().map(|kept| kept.fetched.clone());
        let fetched = match (self.kind, fetched.is_ok(), old) {
            (Kind::Stale, true, Some(old)) => old,
            (Kind::ErrorHidden, false, Some(Ok(old))) => return Ok(old),
            _ => fetched,
        };
        if fetched.is_ok() || self.kind == Kind::ErrorKept {
            *kept = Some(Kept {
                fetched: fetched.clone(),
                since: match self.kind {
                    Kind::FromTheCall => began,
                    _ => Instant::now(),
                },
            });
        }
        fetched
    }

    /// The first caller makes the call, and the others wait for what it tells them. If it's dropped, it tells them nothing.
    async fn led(&self) -> Fetched {
        while let Some(mut told) = self.told() {
            if let Ok(fetched) = told.wait_for(Option::is_some).await {
                return fetched.clone().expect("it was waited for");
            }
            self.forget(&told);
            if self.kind == Kind::FollowersFail {
                return Err(UpstreamError::Transport {
                    path: "rates".into(),
                    reason: "somebody else gave up".into(),
                });
            }
        }
        let (tell, told) = watch::channel(None);
        let tell = Arc::new(tell);
        let kept = (self.kind == Kind::LeaderGone).then(|| Arc::clone(&tell));
        *lock(&self.led) = Some(Led { told, _tell: kept });
        let fetched = self.call().await;
        *lock(&self.led) = None;
        tell.send_replace(Some(fetched.clone()));
        fetched
    }

    /// Whoever told this is gone.
    fn forget(&self, told: &watch::Receiver<Told>) {
        let mut led = lock(&self.led);
        if led.as_ref().is_some_and(|led| led.told.same_channel(told)) {
            *led = None;
        }
    }

    /// What the caller who makes the call tells the others, if there's one.
    fn told(&self) -> Option<watch::Receiver<Told>> {
        lock(&self.led).as_ref().map(|led| led.told.clone())
    }
}

/// Asks again when the page has expired, though nobody else does, for as long as there's a cache.
async fn renewed(store: Weak<Store>) {
    sleep(GOOD).await;
    if let Some(store) = store.upgrade() {
        let _page = store.get().await;
    }
}
