//! The hidden tests of chapter 17. The catalogue is real HTTP on loopback, the database a real SQLite file; requests
//! are handed to the service in memory. Both need a clock that does not jump while bytes are under way: it is held,
//! and let go only where nothing but timers is left. What is measured are connections, calls in flight, requests,
//! beats, and virtual time.
//!
//! Each test asks one handler alone, so that it says the same whatever is the matter with the others.

use std::{
    collections::BTreeMap,
    future::{IntoFuture as _, pending},
    panic,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_workbook::{
    clock::{Hold, Readable},
    probes::heartbeat::{Heartbeat, Stage},
    services::{
        mailer::SimulatedMailer,
        upstream::{Builder, Route, Upstream},
    },
    verdict::{Fault, ensure, examine},
};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::Request,
    routing::get,
};
use real_services::{database::Database, http::OverHttp as _};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinHandle,
    time::{Instant, sleep},
};
use tokio_util::task::AbortOnDropHandle;
use tower::ServiceExt as _;

// By name, since an answer need not import what these tests do.
use super::{AT_ONCE, Deps, PATIENCE, app};

const SCHEMA: &str = "\
CREATE TABLE books (isbn TEXT PRIMARY KEY, copies INTEGER NOT NULL, cents INTEGER NOT NULL);
CREATE TABLE quotes (isbn TEXT NOT NULL, cents INTEGER NOT NULL);
CREATE TABLE orders (isbn TEXT NOT NULL, address TEXT NOT NULL);
INSERT INTO books VALUES ('111', 3, 1000), ('222', 0, 2550), ('333', 12, 705);
";

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// A service with all that is around it. The clock is held until somebody lets it go.
struct Town {
    hold: Hold,
    catalogue: Upstream,
    database: Database,
    mailer: Arc<SimulatedMailer>,
    failures: UnboundedReceiver<String>,
    shop: Router,
}

/// What a request was answered with, and when.
#[derive(Clone, Debug)]
struct Answer {
    status: u16,
    body: String,
    after: Duration,
}

impl Answer {
    fn is(&self, status: u16, body: &str) -> bool {
        self.status == status && self.body == body
    }

    fn told(&self) -> String {
        match self.body.as_str() {
            "" => format!("the answer was a {} with no text", self.status),
            body => format!("the answer was a {} with the text {body:?}", self.status),
        }
    }
}

/// A request under way, in a task of its own. Dropping it is what a customer does who hangs up.
struct Asked(AbortOnDropHandle<Answer>);

impl Asked {
    fn answered(&self) -> bool {
        self.0.is_finished()
    }

    /// Waits for the answer. The panic of a handler goes on here.
    async fn answer(self) -> Answer {
        self.panicked()
            .await
            .unwrap_or_else(|payload| panic::resume_unwind(payload))
    }

    async fn panicked(self) -> Result<Answer, Box<dyn std::any::Any + Send>> {
        self.0.await.map_err(tokio::task::JoinError::into_panic)
    }
}

fn ask_for(shop: &Router, method: &str, path: &str) -> Asked {
    let request = Request::builder().method(method).uri(path);
    let request = request.body(Body::empty()).expect("the path is sound");
    let shop = shop.clone();
    let start = Instant::now();
    let task: JoinHandle<Answer> = tokio::spawn(async move {
        let Ok(response) = shop.oneshot(request).await;
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await;
        let body = body.expect("a service in memory breaks off nowhere");
        Answer {
            status,
            body: String::from_utf8_lossy(&body).into_owned(),
            after: start.elapsed(),
        }
    });
    Asked(AbortOnDropHandle::new(task))
}

impl Town {
    async fn new(catalogue: Builder) -> Self {
        Self::with(catalogue, 2, SimulatedMailer::new(Duration::ZERO), |isbn| {
            isbn.to_owned()
        })
        .await
    }

    async fn with(
        catalogue: Builder,
        connections: u32,
        mailer: SimulatedMailer,
        fingerprint: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> Self {
        let hold = Hold::new();
        let catalogue = catalogue.build().over_http().await;
        let catalogue = catalogue.expect("loopback is there");
        let database = Database::create(SCHEMA).await;
        let database = database.expect("there is a folder for temporary files");
        let mailer = Arc::new(mailer);
        let (reported, failures) = unbounded_channel();
        let shop = app(Deps {
            catalogue: catalogue.url().expect("it is over HTTP").to_owned(),
            database: database.options(),
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
        }
    }

    fn get(&self, path: &str) -> Asked {
        ask_for(&self.shop, "GET", path)
    }

    /// Another shop of this town, whose catalogue is elsewhere. Nobody reads of its failures.
    fn shop_with(&self, catalogue: String) -> Router {
        app(Deps {
            catalogue,
            database: self.database.options(),
            connections: 1,
            fingerprint: Arc::new(|isbn| isbn.to_owned()),
            mailer: self.mailer.clone(),
            failures: unbounded_channel().0,
        })
    }

    /// Runs a query of the test's own, on a connection that does not count.
    async fn rows(&self, query: &'static str) -> Vec<(String, String)> {
        let options = SqliteConnectOptions::new().filename(self.database.file());
        let pool = SqlitePoolOptions::new().connect_lazy_with(options);
        let rows = sqlx::query_as(query).fetch_all(&pool).await;
        pool.close().await;
        rows.expect("the tables are as the test made them")
    }
}

/// A handler's answer is what it was before anybody mended it.
fn expected(path: &str, answer: &Answer, status: u16, body: &str) -> Result<(), Fault> {
    ensure(answer.is(status, body), || {
        let expected = Answer {
            status,
            body: body.to_owned(),
            after: answer.after,
        };
        Fault::new("another_answer")
            .happened(format!("{path}: {}", answer.told()))
            .expected(expected.told())
            .next("what is answered was right before: change only how it comes about")
    })
}

fn more_connections(opened: usize, allowed: u32) -> Fault {
    Fault::new("more_connections")
        .happened(format!(
            "{} to the database were opened, where `deps.connections` is {allowed}",
            counted(opened, "connection")
        ))
        .expected("one pool for the whole service, which opens no more than it is allowed to")
        .next("use `shop.pool` as it is: give back a connection that is not needed, rather than opening another one")
}

mod fingerprint {
    use std::sync::Mutex;

    use super::*;

    struct Watched {
        outcome: Result<Answer, String>,
        stages: Vec<Stage>,
    }

    /// Asks for a fingerprint while a heart beats, as often as the runtime's thread is free.
    async fn watched(isbn: &'static str) -> Result<Watched, Fault> {
        let heartbeat = Heartbeat::start();
        let stages = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&stages);
        let compute = move |isbn: &str| {
            let (text, stage) = heartbeat.stage(|| isbn.chars().rev().collect());
            kept.lock().expect("nobody panics with it").push(stage);
            text
        };
        let mailer = SimulatedMailer::new(Duration::ZERO);
        let town = Town::with(Upstream::builder(), 1, mailer, compute).await;
        let asked = town.get(&format!("/fingerprints/{isbn}"));
        let outcome = asked.panicked().await.map_err(|payload| {
            let text = payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned());
            text.or_else(|| payload.downcast_ref::<String>().cloned())
                .unwrap_or_default()
        });
        let stages = stages.lock().expect("nobody panics with it").clone();
        Ok(Watched { outcome, stages })
    }

    async fn computed(isbn: &'static str) -> Result<Answer, Fault> {
        let watched = watched(isbn).await?;
        let answer = match watched.outcome {
            Ok(answer) => answer,
            Err(message) if message.contains("can call blocking only when running on") => {
                return Err(Fault::new("block_in_place_anywhere")
                    .happened(format!("`block_in_place` panicked: {message}"))
                    .expected("it works on a runtime with one thread too, where no other thread could take over the tasks")
                    .next("use `spawn_blocking`, which works on every runtime"));
            }
            Err(message) => panic::resume_unwind(Box::new(message)),
        };
        let stage = match watched.stages[..] {
            [stage] => stage,
            ref stages => {
                return Err(Fault::new("computed_otherwise")
                    .happened(format!(
                        "the library was called {} for one request",
                        counted(stages.len(), "time")
                    ))
                    .expected("`deps.fingerprint` is called once for each request")
                    .next("call it in the one job, and return what it returned"));
            }
        };
        ensure(!stage.on_loop, || {
            Fault::new("blocks_the_loop")
                .happened("the fingerprint was computed on the runtime's thread: 0 beats of a heart beside it, and no other request was answered meanwhile")
                .expected("another thread computes, while the runtime's goes on: more than 0 beats")
                .next("find the call that keeps the runtime's thread: neither `async`, nor a task, nor a yield beforehand moves it to another one")
        })?;
        ensure(stage.beats() > 0, || {
            Fault::new("thread_joined_on_the_loop")
                .happened("another thread computed the fingerprint, but the heart beat 0 times: the runtime's thread stood still until the other had ended")
                .expected("the runtime's thread goes on until the fingerprint is there: more than 0 beats")
                .next("await the other thread, with the handle of `spawn_blocking`: `join`, `recv` and `block_on` keep this one")
        })?;
        Ok(answer)
    }

    #[test]
    fn other_requests_go_on_meanwhile() {
        examine(async |_| {
            for isbn in ["123", "45"] {
                computed(isbn).await?;
            }
            Ok(())
        });
    }

    #[test]
    fn it_is_what_the_library_says() {
        examine(async |_| {
            for (isbn, fingerprint) in [("123", "321"), ("9", "9")] {
                let answer = computed(isbn).await?;
                expected(&format!("/fingerprints/{isbn}"), &answer, 200, fingerprint)?;
            }
            Ok(())
        });
    }
}

mod book {
    use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

    use super::*;

    const PARTS: [&str; 3] = ["titles", "reviews", "related"];

    fn catalogue(isbn: &str, failing: &[&str]) -> Builder {
        PARTS.iter().fold(Upstream::builder(), |builder, &part| {
            let route = Route::new(format!("{part}/{isbn}")).body(format!("{part} of {isbn}"));
            builder.route(if failing.contains(&part) {
                route.fails(503)
            } else {
                route
            })
        })
    }

    fn page(isbn: &str, failing: &[&str]) -> String {
        let line = |part: &&str| match failing.contains(part) {
            true => "unavailable".to_owned(),
            false => format!("{part} of {isbn}"),
        };
        PARTS.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_parts_are_asked_for_together() {
        examine(async |_| {
            for isbn in ["111", "222"] {
                let town = Town::new(catalogue(isbn, &[]).gate(3)).await;
                let asked = town.get(&format!("/books/{isbn}"));
                let together = town.hold.until(|| town.catalogue.high_water() == 3);
                ensure(together.await, || {
                    let at_most = town.catalogue.high_water();
                    Fault::new("sequential_calls")
                        .happened(format!(
                            "the catalogue, which answers nobody before all 3 parts are asked for, had {} in flight, and no further one came",
                            counted(at_most, "call")
                        ))
                        .expected("all 3 calls are in flight together: the page takes as long as the slowest part")
                        .next("find the `.await` that stands between one part and the next, although neither needs the other's answer")
                })?;
                let answer = asked.answer().await;
                expected(&format!("/books/{isbn}"), &answer, 200, &page(isbn, &[]))?;
            }
            Ok(())
        });
    }

    #[test]
    fn a_part_that_fails_leaves_the_others_whole() {
        examine(async |_| {
            let failing: [&[&str]; 5] = [
                &["titles"],
                &["reviews"],
                &["related"],
                &["titles", "related"],
                &PARTS,
            ];
            for failing in failing {
                let town = Town::new(catalogue("111", failing)).await;
                let answer = town.get("/books/111").answer().await;
                let lost = answer.status != 200
                    || PARTS.iter().any(|part| {
                        !failing.contains(part) && !answer.body.contains(&format!("{part} of 111"))
                    });
                ensure(!lost, || {
                    Fault::new("one_failure_sinks_the_page")
                        .happened(format!(
                            "the catalogue failed for {}, and {}",
                            failing.join(" and "),
                            answer.told()
                        ))
                        .expected("a 200, with `unavailable` in the line of what failed, and the other parts in theirs")
                        .next("`try_join!` gives up at the first error and drops the other calls: `join!` the results, and look at each")
                })?;
                expected("/books/111", &answer, 200, &page("111", failing))?;
            }
            Ok(())
        });
    }

    /// Whichever of them comes first.
    #[test]
    fn each_part_stands_in_its_line() {
        examine(async |_| {
            for latencies in [[300, 200, 100], [100, 300, 200], [200, 100, 300]] {
                let builder =
                    std::iter::zip(PARTS, latencies).fold(Upstream::builder(), |builder, part| {
                        let (part, latency) = part;
                        let route = Route::new(format!("{part}/5")).body(format!("{part} of 5"));
                        builder.route(route.latency(Duration::from_millis(latency)))
                    });
                let town = Town::new(builder).await;
                let asked = town.get("/books/5");
                town.hold.until(|| town.catalogue.in_flight() == 3).await;
                town.hold.release().await;
                let answer = asked.answer().await;
                expected("/books/5", &answer, 200, &page("5", &[]))?;
            }
            Ok(())
        });
    }

    /// A catalogue whose parts answer at once, and which keeps each request as it was sent.
    async fn mock(failing: &[&str]) -> MockServer {
        let server = MockServer::start().await;
        for part in PARTS {
            let answer = match failing.contains(&part) {
                true => ResponseTemplate::new(503),
                false => ResponseTemplate::new(200).set_body_string(format!("{part} of 111")),
            };
            Mock::given(path(format!("/{part}/111")))
                .respond_with(answer)
                .mount(&server)
                .await;
        }
        server
    }

    /// What a catalogue was sent, such as `2 x GET /titles/111`, in the order of the paths.
    async fn requests(server: &MockServer) -> Vec<String> {
        let requests = server.received_requests().await;
        let mut counts = BTreeMap::new();
        for request in requests.expect("a mock keeps them unless it is told not to") {
            *counts
                .entry(format!("{} {}", request.method, request.url.path()))
                .or_insert(0) += 1;
        }
        let told = |(request, count)| match count {
            1 => request,
            count => format!("{count} x {request}"),
        };
        counts.into_iter().map(told).collect()
    }

    fn asked_again(failing: &[&str], requests: &[String]) -> Fault {
        let failed = match failing {
            [] => "nothing failed".to_owned(),
            parts => format!("{} failed", parts.join(" and ")),
        };
        Fault::new("second_attempt")
            .happened(format!(
                "{failed}, and for one page the catalogue was sent {}",
                requests.join(", ")
            ))
            .expected("one GET for each part, whatever becomes of it, and nothing else")
            .next("take the outcomes that there are: a part that failed is `unavailable`, and the others need not be asked for again")
    }

    /// What the page says is for the other tests to look at.
    #[test]
    fn no_part_is_asked_for_twice() {
        examine(async |_| {
            let once = PARTS.map(|part| format!("GET /{part}/111"));
            for failing in [&[][..], &["titles"], &["related"], &PARTS] {
                let catalogue = mock(failing).await;
                let town = Town::new(Upstream::builder()).await;
                let shop = town.shop_with(catalogue.uri());
                ask_for(&shop, "GET", "/books/111").answer().await;
                let requests = requests(&catalogue).await;
                let expected = requests.iter().all(|request| once.contains(request));
                ensure(expected, || asked_again(failing, &requests))?;
            }
            Ok(())
        });
    }
}

mod cover {
    use super::*;

    const REQUESTS: usize = 20;

    #[test]
    fn requests_share_connections() {
        examine(async |_| {
            let builder = Upstream::builder().route(Route::new("covers/111").body("blue"));
            let town = Town::new(builder).await;
            for _ in 0..REQUESTS {
                town.get("/covers/111").answer().await;
                // A connection is ready for the next request once the client has taken note of the end of this one.
                town.hold.turns(20).await;
            }
            let connections = town.catalogue.connections();
            // One is enough. That a connection comes back a moment too late once is no fault of the handler.
            ensure(connections <= 2, || {
                Fault::new("client_per_request")
                    .happened(format!(
                        "{REQUESTS} requests, one after another, made {} to the catalogue",
                        counted(connections, "connection")
                    ))
                    .expected("one connection, which all of them use: a client keeps it open for the next request")
                    .next("find out who owns a connection when its request has ended: it has to live as long as the service, and to keep what is idle")
            })
        });
    }

    #[test]
    fn covers_are_fetched_side_by_side() {
        examine(async |_| {
            let builder = Upstream::builder().route(Route::new("covers/111").body("blue"));
            let town = Town::new(builder.gate(12)).await;
            let asked: Vec<_> = (0..12).map(|_| town.get("/covers/111")).collect();
            let together = town.hold.until(|| town.catalogue.high_water() == 12);
            ensure(together.await, || {
                Fault::new("client_behind_a_lock")
                    .happened(format!(
                        "of 12 customers at the same time, {} had a call at the catalogue; the others waited for it to end",
                        town.catalogue.high_water()
                    ))
                    .expected("customers who come at the same time are served at the same time")
                    .next("a `Client` needs no lock or limit around it: its methods take `&self`, and clones share its connections")
            })?;
            for asked in asked {
                expected("/covers/111", &asked.answer().await, 200, "blue")?;
            }
            Ok(())
        });
    }

    #[test]
    fn it_is_what_the_catalogue_says() {
        examine(async |_| {
            let town = Town::new(
                Upstream::builder()
                    .route(Route::new("covers/1").body("red"))
                    .route(Route::new("covers/2").fails(500)),
            )
            .await;
            for (path, status, body) in [
                ("/covers/1", 200, "red"),
                ("/covers/2", 502, ""),
                ("/covers/3", 502, ""),
            ] {
                expected(path, &town.get(path).answer().await, status, body)?;
            }
            Ok(())
        });
    }
}

mod stock {
    use super::*;

    const REQUESTS: usize = 20;

    #[test]
    fn requests_share_connections() {
        examine(async |_| {
            let town = Town::new(Upstream::builder()).await;
            for _ in 0..REQUESTS {
                town.get("/stock/111").answer().await;
            }
            let opened = town.database.opened();
            ensure(opened < REQUESTS, || {
                Fault::new("pool_per_request")
                    .happened(format!(
                        "{REQUESTS} requests, one after another, opened {} to the database",
                        counted(opened, "connection")
                    ))
                    .expected("no more than `deps.connections`, which is 2 here: a connection is used again and again")
                    .next("compare how long the pool lives that this handler uses with how long the service does")
            })?;
            let asked: Vec<_> = (0..REQUESTS).map(|_| town.get("/stock/111")).collect();
            for asked in asked {
                asked.answer().await;
            }
            let opened = town.database.opened();
            ensure(opened <= 2, || more_connections(opened, 2))
        });
    }

    #[test]
    fn it_is_what_the_database_says() {
        examine(async |_| {
            let town = Town::new(Upstream::builder()).await;
            for (path, status, body) in [
                ("/stock/111", 200, "3"),
                ("/stock/222", 200, "0"),
                ("/stock/333", 200, "12"),
                ("/stock/444", 404, ""),
            ] {
                expected(path, &town.get(path).answer().await, status, body)?;
            }
            // What goes wrong is told, and not passed over.
            town.rows("DROP TABLE books").await;
            let answer = town.get("/stock/111").answer().await;
            expected("/stock/111, of a broken database", &answer, 500, "")
        });
    }

    #[test]
    fn each_service_has_its_own_database() {
        examine(async |_| {
            let first = Town::new(Upstream::builder()).await;
            let before = first.get("/stock/111").answer().await;
            expected("/stock/111", &before, 200, "3")?;
            let second = Town::new(Upstream::builder()).await;
            let options = SqliteConnectOptions::new().filename(second.database.file());
            let pool = SqlitePoolOptions::new().connect_lazy_with(options);
            let sold = sqlx::query("UPDATE books SET copies = 7").execute(&pool);
            sold.await.expect("nobody else writes");
            pool.close().await;
            let answer = second.get("/stock/111").answer().await;
            ensure(answer.is(200, "7"), || {
                Fault::new("pool_in_a_static")
                    .happened(format!("a second service, whose database has 7 copies, answered {:?}: what stands in the first one's", answer.body))
                    .expected("two services in one process have nothing in common")
                    .next("keep the pool in `Shop`, which is made for each service, rather than in a `static`")
            })
        });
    }
}

mod quote {
    use super::*;

    async fn town(builder: Builder) -> Town {
        let mailer = SimulatedMailer::new(Duration::ZERO);
        Town::with(builder, 1, mailer, |isbn| isbn.to_owned()).await
    }

    fn rates() -> Builder {
        Upstream::builder()
            .route(Route::new("rates/usd").body("110"))
            .route(Route::new("rates/isk").body("14200"))
    }

    #[test]
    fn no_connection_is_held_during_the_call() {
        examine(async |_| {
            for quotes in [2, 5] {
                let town = town(rates().gate(quotes)).await;
                // The first is at the catalogue before the others are asked for.
                let mut asked = vec![town.get("/quotes/111/usd")];
                while town.catalogue.in_flight() == 0 && !asked[0].answered() {
                    town.hold.turns(1).await;
                }
                asked.extend((1..quotes).map(|_| town.get("/quotes/222/isk")));
                let together = town.hold.until(|| town.catalogue.high_water() == quotes);
                let together = together.await;
                let opened = town.database.opened();
                ensure(opened <= 1, || more_connections(opened, 1))?;
                ensure(together, || {
                    let calls = town.catalogue.high_water();
                    Fault::new("connection_held")
                        .happened(format!(
                            "while {} for the rate was under way, the one connection was taken, although the database was idle: the quote that came next waited for it, until the pool times out",
                            counted(calls, "call")
                        ))
                        .expected(format!("all {quotes} quotes wait for their rates at the same time, and none of them holds a connection meanwhile"))
                        .next("look at all that happens between taking the connection and giving it back, and at which of it needs the database")
                })?;
                for (index, asked) in asked.into_iter().enumerate() {
                    let quoted = if index == 0 { "1100" } else { "362100" };
                    expected("/quotes", &asked.answer().await, 200, quoted)?;
                }
            }
            Ok(())
        });
    }

    #[test]
    fn the_quote_is_right_and_is_kept() {
        examine(async |_| {
            let town = town(
                rates()
                    .route(Route::new("rates/xxx").fails(503))
                    .route(Route::new("rates/yyy").body("much")),
            )
            .await;
            for (path, status, body) in [
                ("/quotes/111/usd", 200, "1100"),
                ("/quotes/222/usd", 200, "2805"),
                ("/quotes/333/isk", 200, "100110"),
                ("/quotes/444/usd", 404, ""),
                ("/quotes/111/xxx", 502, ""),
                ("/quotes/111/yyy", 502, ""),
            ] {
                expected(path, &town.get(path).answer().await, status, body)?;
            }
            let opened = town.database.opened();
            ensure(opened <= 1, || more_connections(opened, 1))?;
            let kept = town
                .rows("SELECT isbn, CAST(cents AS TEXT) FROM quotes ORDER BY isbn")
                .await;
            let right = [("111", "1100"), ("222", "2805"), ("333", "100110")];
            ensure(
                kept.iter()
                    .map(|(isbn, cents)| (&**isbn, &**cents))
                    .eq(right),
                || {
                    Fault::new("quote_not_kept")
                        .happened(format!("the table `quotes` holds {kept:?}"))
                        .expected(format!("one row for each quote that was answered: {right:?}"))
                        .next("keep the quote before it is answered, on a connection that is taken after the call")
                },
            )
        });
    }
}

mod reviews {
    use super::*;

    /// The answer of a service whose catalogue takes ten hours, to a request at the instant 0.
    async fn slow() -> Result<Answer, Fault> {
        let hours = Duration::from_secs(10 * 60 * 60);
        let town = Town::new(Upstream::builder().page("reviews/111", hours)).await;
        let asked = town.get("/reviews/111");
        let called = || town.catalogue.in_flight() > 0 || asked.answered();
        ensure(town.hold.until(called).await, not_asked)?;
        town.hold.release().await;
        Ok(asked.answer().await)
    }

    fn not_asked() -> Fault {
        Fault::new("another_patience")
            .happened("the catalogue was not asked as soon as the request was there")
            .expected("the call begins at once, and ends 5.0 s later at the latest")
            .next(
                "one timeout of `PATIENCE` around the whole call, and nothing before it that waits",
            )
    }

    fn given_up(answer: &Answer) -> Result<(), Fault> {
        ensure(answer.status != 200, || {
            Fault::new("no_timeout")
                .happened(format!(
                    "the catalogue took 10 hours to answer, and so did the service: a 200 after {}",
                    Readable(answer.after)
                ))
                .expected("a 504 after 5.0 s, however long the catalogue takes")
                .next("a reqwest client waits without end by itself: bound the whole call, from `send` to the last byte")
        })?;
        ensure(answer.status == 504, || {
            Fault::new("timeout_without_504")
                .happened(format!(
                    "the catalogue did not answer, and after {} {}",
                    Readable(answer.after),
                    answer.told()
                ))
                .expected("a 504, Gateway Timeout, which says that the fault lies behind this service")
                .next("turn the timeout's error into `StatusCode::GATEWAY_TIMEOUT`, and every other one into a 502, as before")
        })?;
        ensure(answer.after == PATIENCE, || {
            Fault::new("another_patience")
                .happened(format!("the 504 came after {}", Readable(answer.after)))
                .expected("it comes 5.0 s after the page was asked for: `PATIENCE`")
                .next("one timeout of `PATIENCE` around the whole call, and nothing before it that waits")
        })
    }

    #[test]
    fn a_slow_catalogue_is_given_up() {
        examine(async |_| given_up(&slow().await?));
    }

    #[test]
    fn a_page_that_stalls_half_way_is_given_up() {
        examine(async |_| {
            given_up(&slow().await?)?;
            let town = Town::new(Upstream::builder()).await;
            // Status, headers and the first bytes come at once, and then nothing.
            let polled = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&polled);
            let stalling = async move || {
                let first =
                    futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from("Five st"))]);
                let never = futures::stream::once(async move {
                    counted.fetch_add(1, Ordering::Relaxed);
                    pending().await
                });
                Body::from_stream(futures::StreamExt::chain(first, never))
            };
            let catalogue = Router::new().route("/reviews/111", get(stalling));
            let listener = TcpListener::bind(("127.0.0.1", 0)).await;
            let listener = listener.expect("loopback is there");
            let address = listener.local_addr().expect("it is bound");
            let server = tokio::spawn(axum::serve(listener, catalogue).into_future());
            let _server = AbortOnDropHandle::new(server);
            let shop = town.shop_with(format!("http://{address}"));
            let asked = ask_for(&shop, "GET", "/reviews/111");
            let called = || polled.load(Ordering::Relaxed) > 0 || asked.answered();
            ensure(town.hold.until(called).await, not_asked)?;
            // What is written has to be read before the clock goes on.
            town.hold.turns(50).await;
            town.hold.release().await;
            let answer = tokio::time::timeout(2 * PATIENCE, asked.answer()).await;
            ensure(answer.is_ok(), || {
                Fault::new("timeout_around_the_headers")
                    .happened("the catalogue sent its headers at once, and then only half of the page: after 10.0 s there was no answer")
                    .expected("a 504 after 5.0 s if the whole page is not there")
                    .next("`send().await` ends with the headers: put the reading of the text inside the timeout as well")
            })?;
            given_up(&answer.expect("it was looked at"))
        });
    }

    #[test]
    fn what_comes_in_time_is_passed_on() {
        examine(async |_| {
            let town = Town::new(
                Upstream::builder()
                    .route(Route::new("reviews/1").body("Five stars"))
                    .route(Route::new("reviews/2").fails(503)),
            )
            .await;
            for (path, status, body) in [
                ("/reviews/1", 200, "Five stars"),
                ("/reviews/2", 502, ""),
                ("/reviews/3", 502, ""),
            ] {
                let asked = town.get(path);
                ensure(town.hold.until(|| asked.answered()).await, not_asked)?;
                expected(path, &asked.answer().await, status, body)?;
            }
            Ok(())
        });
    }
}

mod order {
    use super::*;

    const MAIL: Duration = Duration::from_secs(2);

    struct Ordered {
        answer: Answer,
        /// How many mails were begun when the answer was there or a little later, and in all.
        begun: usize,
        attempts: usize,
        kept: Vec<(String, String)>,
        sent: Vec<(String, String)>,
        failures: Vec<String>,
    }

    /// Orders a book, and lets ten seconds pass.
    async fn ordered(isbn: &str, address: &str) -> Result<Ordered, Fault> {
        let mailer = SimulatedMailer::new(MAIL)
            .fails_for("nobody@example.org")
            .panics_for("null@example.org");
        let mut town = Town::with(Upstream::builder(), 1, mailer, |isbn| isbn.to_owned()).await;
        let asked = ask_for(&town.shop, "POST", &format!("/orders/{isbn}/{address}"));
        while town.mailer.attempts() == 0 && !asked.answered() {
            town.hold.turns(1).await;
        }
        // The mail takes two seconds of a clock that is held.
        let at_once = town.hold.until(|| asked.answered());
        ensure(at_once.await, || {
            Fault::new("answer_waits_for_the_mail")
                .happened(
                    "the mail was under way, and the customer had no answer until it was sent",
                )
                .expected("the answer comes at once, and the mail goes out later")
                .next("have a task of its own wait for the mail's task, and report what came of it")
        })?;
        let answer = asked.answer().await;
        town.hold.until(|| town.mailer.attempts() > 0).await;
        let kept = town.rows("SELECT isbn, address FROM orders").await;
        let begun = town.mailer.attempts();
        town.hold.release().await;
        sleep(5 * MAIL).await;
        let mut failures = Vec::new();
        while let Ok(failure) = town.failures.try_recv() {
            failures.push(failure);
        }
        let sent = town.mailer.sent().into_iter();
        Ok(Ordered {
            answer,
            begun,
            attempts: town.mailer.attempts(),
            kept,
            sent: sent.map(|mail| (mail.text, mail.to)).collect(),
            failures,
        })
    }

    /// The order is accepted and kept, whatever comes of the mail.
    fn accepted(ordered: &Ordered, isbn: &str, address: &str) -> Result<(), Fault> {
        expected("POST /orders", &ordered.answer, 202, "")?;
        let row = [(isbn.to_owned(), address.to_owned())];
        ensure(ordered.kept == row, || {
            Fault::new("order_not_kept")
                .happened(format!(
                    "after the answer, the table `orders` holds {:?}",
                    ordered.kept
                ))
                .expected(format!("it holds the order: {row:?}"))
                .next("await the database before you answer: it is the mail that may wait")
        })?;
        ensure(ordered.attempts <= 1, || {
            Fault::new("second_attempt")
                .happened(format!("for one order, the mailer was called {} times", ordered.attempts))
                .expected("one attempt for each order: whether to try again is for whoever reads of the failure")
                .next("report what the first attempt came to, and leave it at that")
        })
    }

    fn goes_out(ordered: &Ordered, isbn: &str, address: &str) -> Result<(), Fault> {
        accepted(ordered, isbn, address)?;
        let mail = [(isbn.to_owned(), address.to_owned())];
        ensure(ordered.begun == 1 && ordered.sent == mail, || {
            Fault::new("mail_lost")
                .happened(format!(
                    "{} begun, and ten seconds later {} had gone out",
                    counted(ordered.begun, "mail"),
                    ordered.sent.len()
                ))
                .expected("one mail, which goes out although the handler has long returned")
                .next("look at who owns the mail's task: a `JoinSet` or a handle that aborts when it is dropped ends it with the handler")
        })
    }

    #[test]
    fn the_answer_does_not_wait_for_the_mail() {
        examine(async |_| {
            for (isbn, address) in [("111", "ada@example.org"), ("333", "alan@example.org")] {
                let ordered = ordered(isbn, address).await?;
                goes_out(&ordered, isbn, address)?;
                ensure(ordered.failures.is_empty(), || {
                    Fault::new("success_reported")
                        .happened(format!(
                            "the mail went out, and `deps.failures` was told {:?}",
                            ordered.failures
                        ))
                        .expected("it is told of failures only")
                        .next(
                            "report the `Err` of the mail, and that of its task, and nothing else",
                        )
                })?;
            }
            Ok(())
        });
    }

    const ERROR: (&str, &str) = ("nobody@example.org", "refuses mail to nobody@example.org");
    const PANIC: (&str, &str) = ("null@example.org", "mail to null@example.org");

    /// What was reported of a mail to this address, with the words of its failure.
    async fn reported(isbn: &str, (address, words): (&str, &str)) -> Result<bool, Fault> {
        let ordered = ordered(isbn, address).await?;
        accepted(&ordered, isbn, address)?;
        let failures = ordered.failures;
        ensure(failures.len() <= 1, || {
            Fault::new("reported_twice")
                .happened(format!(
                    "one mail failed, and `deps.failures` was told {failures:?}"
                ))
                .expected("one line for each mail that came to nothing")
                .next("report in one place: where the mail's task is awaited")
        })?;
        ensure(failures.iter().all(|line| line.contains(words)), || {
            Fault::new("reason_missing")
                .happened(format!("`deps.failures` was told {failures:?}"))
                .expected(format!("the line has the words of the error or the panic: {words:?}"))
                .next("the `Display` of the mail's error has its words, and that of a `JoinError` has those of the panic")
        })?;
        Ok(!failures.is_empty())
    }

    /// Which of an error and a panic are reported decides what the fault is called, in both tests alike.
    async fn failures_are_reported() -> Result<(), Fault> {
        let (isbn, address) = ("333", "grace@example.org");
        goes_out(&ordered(isbn, address).await?, isbn, address)?;
        for isbn in ["111", "222"] {
            let error = reported(isbn, ERROR).await?;
            let panic = reported(isbn, PANIC).await?;
            let fault = match (error, panic) {
                (true, true) => continue,
                (false, false) => Fault::new("failure_vanishes")
                    .happened("a mail was refused, and another one panicked: `deps.failures` was told of neither")
                    .next("look at what `tokio::spawn` returns, and at who could wait for it, since the customer should not"),
                (true, false) => Fault::new("panic_vanishes")
                    .happened("a mail was refused, and that was reported; another one panicked, and nobody was told: a panic ends its task before the line that reports it")
                    .next("await the task's `JoinHandle` in another task: its `JoinError` is the panic"),
                (false, true) => Fault::new("error_vanishes")
                    .happened("a mail panicked, and that was reported; another one was refused, and nobody was told")
                    .next("the handle gives a `Result` in a `Result`: `Ok(Err(error))` is a task that ended well, and a mail that did not"),
            };
            return Err(fault.expected(
                "one line for each mail that came to nothing, whether by an error or by a panic",
            ));
        }
        Ok(())
    }

    #[test]
    fn what_comes_to_nothing_is_reported() {
        examine(async |_| failures_are_reported().await);
    }
}

mod shelf {
    use super::*;

    fn catalogue(books: usize) -> Builder {
        (0..books).fold(Upstream::builder(), |builder, isbn| {
            builder.route(Route::new(format!("titles/{isbn}")).body(format!("title {isbn}")))
        })
    }

    fn path(books: std::ops::Range<usize>) -> String {
        let isbns: Vec<_> = books.map(|isbn| isbn.to_string()).collect();
        format!("/shelves/{}", isbns.join(","))
    }

    fn too_few(at_most: usize) -> Fault {
        Fault::new("limit_too_low")
            .happened(format!(
                "the catalogue had {} in flight, and no further one came, although there was more to ask for",
                counted(at_most, "call")
            ))
            .expected(format!("{AT_ONCE} calls are under way where there is enough to ask for"))
            .next("a permit for each call, from a semaphore of `AT_ONCE`: held from just before the call to its end, and no longer")
    }

    /// How many calls shelves of so many books have under way at once, when the catalogue answers none of them.
    async fn at_once(shelves: &[usize]) -> usize {
        // This many are never in flight, and so nobody is answered.
        let town = Town::new(catalogue(0).gate(1_000)).await;
        let asked = shelves.iter().map(|&books| town.get(&path(0..books)));
        let asked: Vec<_> = asked.collect();
        town.hold
            .until(|| town.catalogue.in_flight() >= AT_ONCE)
            .await;
        // Those that come too many come at once: nothing else is under way.
        town.hold.turns(200).await;
        drop(asked);
        town.catalogue.high_water()
    }

    #[test]
    fn all_requests_share_the_limit() {
        examine(async |_| {
            let alone = at_once(&[12]).await;
            ensure(alone <= AT_ONCE, || {
                Fault::new("no_limit")
                    .happened(format!("one shelf of 12 books had {alone} calls at the catalogue at once"))
                    .expected(format!("{AT_ONCE} at the most, for all shelves together"))
                    .next("nothing in a client or its pool limits the calls: a permit of a semaphore does, kept in a named variable until the call has ended")
            })?;
            ensure(alone == AT_ONCE, || too_few(alone))?;
            let together = at_once(&[7, 7, 7]).await;
            ensure(together <= AT_ONCE, || {
                Fault::new("limit_per_call")
                    .happened(format!("one shelf had {alone} calls at the catalogue at once, and three shelves at the same time had {together}"))
                    .expected(format!("{AT_ONCE} at the most, for all shelves together"))
                    .next("count the semaphores that there are while three customers look at shelves")
            })?;
            ensure(together == AT_ONCE, || too_few(together))
        });
    }

    #[test]
    fn titles_come_in_their_order() {
        examine(async |_| {
            let town = Town::new(catalogue(30).gate(AT_ONCE)).await;
            let shelves = [0..9, 9..10, 10..30];
            let asked = shelves.clone().map(|books| (path(books.clone()), books));
            let asked = asked.map(|(path, books)| (town.get(&path), path, books));
            town.hold
                .until(|| asked.iter().all(|(asked, ..)| asked.answered()))
                .await;
            let most = town.catalogue.high_water();
            ensure(most >= AT_ONCE, || too_few(most))?;
            for (asked, path, books) in asked {
                let titles: Vec<_> = books.map(|isbn| format!("title {isbn}")).collect();
                expected(&path, &asked.answer().await, 200, &titles.join("\n"))?;
            }
            Ok(())
        });
    }

    /// The catalogue fails, and customers hang up: neither may cost a permit.
    #[test]
    fn permits_come_back() {
        examine(async |_| {
            let hour = Duration::from_secs(3600);
            let slow = (0..AT_ONCE).fold(catalogue(12), |builder, isbn| {
                builder.page(format!("titles/{isbn}"), hour)
            });
            let mut town = Town::new(slow).await;
            let hasty = town.get(&path(0..8));
            let calls = town.hold.until(|| town.catalogue.in_flight() >= AT_ONCE);
            ensure(calls.await, || too_few(town.catalogue.in_flight()))?;
            drop(hasty);
            // Whoever lets the calls go on, although nobody waits for them, has the permits back when they end.
            town.hold.release().await;
            sleep(2 * hour).await;
            town.hold = Hold::new();
            town.hold.until(|| town.catalogue.in_flight() == 0).await;
            let mut failed = 0;
            for _ in 0..2 * AT_ONCE {
                // One of these books does not exist.
                let asked = town.get(&path(10..13));
                if town.hold.until(|| asked.answered()).await {
                    expected(&path(10..13), &asked.answer().await, 502, "")?;
                    failed += 1;
                }
            }
            let asked = town.get(&path(8..11));
            let answered = town.hold.until(|| asked.answered()).await;
            ensure(answered, || {
                Fault::new("permits_leaked")
                    .happened(format!(
                        "a customer had hung up, and {failed} of {} shelves had failed: no further call was made, and a shelf was never answered",
                        2 * AT_ONCE
                    ))
                    .expected("a permit comes back however its call ends: with a page, with a failure, or dropped half way")
                    .next("let the permit's own drop give it back, in place of `forget`, `add_permits` or a counter")
            })?;
            let titles = "title 8\ntitle 9\ntitle 10";
            expected("/shelves/8,9,10", &asked.answer().await, 200, titles)
        });
    }
}
