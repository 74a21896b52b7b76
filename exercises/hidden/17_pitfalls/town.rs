//! A bookshop's service with everything around it.

use std::{
    panic,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_workbook::{
    clock::Hold,
    harness::counted,
    services::{
        mailer::SimulatedMailer,
        upstream::{Builder, Upstream},
    },
    verdict::{Fault, ensure},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use real_database::Database;
use real_services::http::OverHttp as _;
use sqlx::{
    ConnectOptions as _, Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinHandle,
    time::Instant,
};
use tokio_util::task::AbortOnDropHandle;
use tower::ServiceExt as _;

use crate::{Answer, Deps};

const SCHEMA: &str = "\
CREATE TABLE books (isbn TEXT PRIMARY KEY, copies INTEGER NOT NULL, cents INTEGER NOT NULL);
CREATE TABLE quotes (isbn TEXT NOT NULL, cents INTEGER NOT NULL);
CREATE TABLE orders (isbn TEXT NOT NULL, address TEXT NOT NULL);
INSERT INTO books VALUES ('111', 3, 1000), ('222', 0, 2550), ('333', 12, 705);
";

/// A service with everything around it. The clock is held until a test lets it go.
pub(crate) struct Town {
    pub(crate) hold: Hold,
    pub(crate) catalogue: Upstream,
    pub(crate) database: Database,
    pub(crate) mailer: Arc<SimulatedMailer>,
    pub(crate) failures: UnboundedReceiver<String>,
    pub(crate) shop: Router,
    pub(crate) app: fn(Deps) -> Router,
    /// Whether this is the first town of this process.
    pub(crate) is_first: bool,
}

/// The answer to a request, and when it came.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) after: Duration,
}

impl Reply {
    pub(crate) fn is(&self, status: u16, body: &str) -> bool {
        self.status == status && self.body == body
    }

    pub(crate) fn told(&self) -> String {
        match self.body.as_str() {
            "" => format!("the answer was a {} with no text", self.status),
            body => format!("the answer was a {} with the text {body:?}", self.status),
        }
    }
}

/// A running request, in its own task. Dropping it is like a customer hanging up.
pub(crate) struct Asked(AbortOnDropHandle<Reply>);

impl Asked {
    pub(crate) fn answered(&self) -> bool {
        self.0.is_finished()
    }

    /// Waits for the answer. A handler's panic goes on here.
    pub(crate) async fn answer(self) -> Reply {
        self.panicked()
            .await
            .unwrap_or_else(|payload| panic::resume_unwind(payload))
    }

    pub(crate) async fn panicked(self) -> Result<Reply, Box<dyn std::any::Any + Send>> {
        self.0.await.map_err(tokio::task::JoinError::into_panic)
    }
}

pub(crate) fn ask_for(shop: &Router, method: &str, path: &str) -> Asked {
    let request = Request::builder().method(method).uri(path);
    let request = request.body(Body::empty()).expect("the path is sound");
    let shop = shop.clone();
    let start = Instant::now();
    let task: JoinHandle<Reply> = tokio::spawn(async move {
        let Ok(response) = shop.oneshot(request).await;
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await;
        let body = body.expect("a service in memory doesn't break off");
        Reply {
            status,
            body: String::from_utf8_lossy(&body).into_owned(),
            after: start.elapsed(),
        }
    });
    Asked(AbortOnDropHandle::new(task))
}

impl Town {
    pub(crate) async fn new(answer: &Answer, catalogue: Builder) -> Self {
        Self::with(
            answer,
            catalogue,
            2,
            SimulatedMailer::new(Duration::ZERO),
            |isbn| isbn.to_owned(),
        )
        .await
    }

    pub(crate) async fn with(
        answer: &Answer,
        catalogue: Builder,
        connections: u32,
        mailer: SimulatedMailer,
        fingerprint: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> Self {
        static TOWNS: AtomicUsize = AtomicUsize::new(0);
        let is_first = TOWNS.fetch_add(1, Ordering::Relaxed) == 0;
        let hold = Hold::new();
        let catalogue = catalogue.build().over_http().await;
        let catalogue = catalogue.expect("loopback is there");
        let database = Database::create(SCHEMA).await;
        let database = database.expect("there is a folder for temporary files");
        let mailer = Arc::new(mailer);
        let (reported, failures) = unbounded_channel();
        let shop = (answer.app)(Deps {
            catalogue: catalogue.url().expect("it is over HTTP").to_owned(),
            database: patient(database.options()),
            connections,
            fingerprint: Arc::new(fingerprint),
            mailer: mailer.clone(),
            failures: reported,
        });
        Self {
            hold,
            catalogue,
            database,
            mailer,
            failures,
            shop,
            app: answer.app,
            is_first,
        }
    }

    pub(crate) fn get(&self, path: &str) -> Asked {
        ask_for(&self.shop, "GET", path)
    }

    /// Another shop of this town, whose catalogue is elsewhere. Its failures go unread.
    pub(crate) fn shop_with(&self, catalogue: String) -> Router {
        (self.app)(Deps {
            catalogue,
            database: patient(self.database.options()),
            connections: 1,
            fingerprint: Arc::new(|isbn| isbn.to_owned()),
            mailer: self.mailer.clone(),
            failures: unbounded_channel().0,
        })
    }

    /// Keeps everything else from writing to the database.
    pub(crate) async fn write_lock(&self) -> WriteLock {
        let options = SqliteConnectOptions::new().filename(self.database.file());
        let mut connection = options.connect().await.expect("the file is there");
        let begun = sqlx::query("BEGIN IMMEDIATE").execute(&mut connection);
        begun.await.expect("nothing else writes yet");
        WriteLock(connection)
    }

    /// Whether the query has rows, now or after a while.
    pub(crate) async fn has_rows(&self, query: &'static str) -> bool {
        for _ in 0..100 {
            if !self.rows(query).await.is_empty() {
                return true;
            }
            self.hold.turns(5).await;
        }
        false
    }

    /// After its first answer, the service has opened a connection to this town's database.
    pub(crate) fn has_own_pool(&self, reply: &Reply) -> Result<(), Fault> {
        self.opened_a_connection(&reply.told())
    }

    /// By the time its handlers have had a chance to ask, the service has opened a connection to this town's database.
    /// Otherwise, `but` says what happened instead.
    pub(crate) fn opened_a_connection(&self, but: &str) -> Result<(), Fault> {
        ensure(self.database.opened() > 0, || {
            Fault::new("pool_in_a_static")
                .happened(format!(
                    "a second service opened no connection to its own database, and {but}"
                ))
                .expected("two services in one process share nothing")
                .next("move the pool from the `static` to `Shop`, since each service makes its own `Shop`")
        })
    }

    /// Runs the test's own query, on a connection that doesn't count.
    pub(crate) async fn rows(&self, query: &str) -> Vec<(String, String)> {
        let options = SqliteConnectOptions::new().filename(self.database.file());
        let pool = SqlitePoolOptions::new().connect_lazy_with(options);
        let query = sqlx::AssertSqlSafe(query.to_owned());
        let rows = sqlx::query_as(query).fetch_all(&pool).await;
        pool.close().await;
        rows.expect("the tables are as the test made them")
    }
}

/// The one lock that SQLite has for writers.
pub(crate) struct WriteLock(SqliteConnection);

impl WriteLock {
    pub(crate) async fn release(mut self) {
        let undone = sqlx::query("ROLLBACK").execute(&mut self.0);
        undone.await.expect("it has begun");
        self.0.close().await.expect("nothing is left to write");
    }
}

/// By default, SQLite waits 5 s of real time for a lock, which is too short for a busy machine.
fn patient(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.busy_timeout(Duration::from_secs(60 * 60))
}

/// A handler's answer is what it was before the learner mended it.
pub(crate) fn expected(path: &str, reply: &Reply, status: u16, body: &str) -> Result<(), Fault> {
    ensure(reply.is(status, body), || {
        let expected = Reply {
            status,
            body: body.to_owned(),
            after: reply.after,
        };
        Fault::new("response_changed")
            .happened(format!("{path}: {}", reply.told()))
            .expected(expected.told())
            .next("restore the handler's answer as the file came with it, and change only how it's made")
    })
}

pub(crate) fn connection_limit_exceeded(opened: usize, allowed: u32) -> Fault {
    Fault::new("connection_limit_exceeded")
        .happened(format!(
            "the service opened {} to the database, and `deps.connections` is {allowed}",
            counted(opened, "connection")
        ))
        .expected("the whole service has one pool, which opens no more connections than it's allowed to")
        .next("use `shop.pool` as it is, and give back a connection that you don't need instead of opening another one")
}
