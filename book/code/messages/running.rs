//! Programs that compile, and fail while they run: with a panic, or with an error whose words say little.

use std::{error::Error, future::pending, io, panic, sync::Arc, thread, time::Duration};

use futures::FutureExt as _;
use sqlx::sqlite::SqlitePoolOptions;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    runtime::{Builder, Handle, Runtime},
    sync::{Mutex, Semaphore, broadcast, mpsc, oneshot},
    task,
    time::{sleep, timeout},
};

/// The words of the panic that `code` ends in.
fn panic_of<T: Send>(code: impl FnOnce() -> T + Send) -> String {
    thread::scope(|scope| {
        let payload = match scope.spawn(code).join() {
            Ok(_) => return "it did not panic".to_owned(),
            Err(payload) => payload,
        };
        match payload.downcast::<String>() {
            Ok(message) => *message,
            Err(payload) => payload.downcast::<&str>().map_or_else(
                |_| "a panic without words".to_owned(),
                |words| (*words).to_owned(),
            ),
        }
    })
}

/// The page quotes these words, as a whole.
fn assert_quoted(words: &str) {
    let page = include_str!("../../src/messages.md").replace("\r\n", "\n");
    let quotes = page.replace("\n> ", " ");
    assert!(
        quotes.contains(&format!(" {words}\n")),
        "not quoted: {words}"
    );
}

fn runtime() -> Runtime {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime needs nothing but file descriptors")
}

#[test]
fn no_reactor_running() {
    let words = panic_of(|| {
        // ANCHOR: no_reactor
        let second = sleep(Duration::from_secs(1));
        futures::executor::block_on(second);
        // ANCHOR_END: no_reactor
    });
    assert_quoted(&words);
}

#[test]
fn a_blocking_lock_in_async_code() {
    let words = panic_of(|| {
        // ANCHOR: blocking_lock
        let count = Mutex::new(0);
        runtime().block_on(async {
            *count.blocking_lock() += 1;
        });
        // ANCHOR_END: blocking_lock
    });
    assert_quoted(&words);
}

#[test]
fn a_runtime_from_within_a_runtime() {
    async fn fetch() -> u32 {
        3
    }
    let words = panic_of(|| {
        runtime().block_on(async {
            // ANCHOR: nested
            let page = Handle::current().block_on(fetch());
            // ANCHOR_END: nested
            page
        })
    });
    assert_quoted(&words);
}

#[test]
fn a_runtime_dropped_in_async_code() {
    let words = panic_of(|| {
        runtime().block_on(async {
            // ANCHOR: dropped_runtime
            let runtime = Builder::new_current_thread().build();
            drop(runtime);
            // ANCHOR_END: dropped_runtime
        });
    });
    assert_quoted(&words);
}

#[test]
fn block_in_place_on_one_thread() {
    let words = panic_of(|| {
        runtime().block_on(async {
            // ANCHOR: block_in_place
            task::block_in_place(|| 3)
            // ANCHOR_END: block_in_place
        })
    });
    assert_quoted(&words);
}

#[test]
fn a_paused_clock_for_several_threads() {
    let words = panic_of(|| {
        // ANCHOR: paused
        let runtime = Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.expect("build a runtime");
        runtime.block_on(async { tokio::time::pause() });
        // ANCHOR_END: paused
    });
    assert_quoted(&words);
}

#[test]
fn timers_that_nobody_enabled() {
    let words = panic_of(|| {
        // ANCHOR: timers_disabled
        let runtime = Builder::new_current_thread().build();
        runtime
            .expect("build a runtime")
            .block_on(async { sleep(Duration::from_secs(1)).await });
        // ANCHOR_END: timers_disabled
    });
    assert_quoted(&words);
}

#[test]
fn a_future_polled_after_its_end() {
    let words = panic_of(|| {
        runtime().block_on(async {
            // ANCHOR: resumed
            let mut call = async { 3 }.boxed();
            (&mut call).await;
            (&mut call).await
            // ANCHOR_END: resumed
        })
    });
    assert_quoted(&words);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_elapsed() {
    // ANCHOR: elapsed
    let second = Duration::from_secs(1);
    let outcome = timeout(second, sleep(2 * second)).await;
    // ANCHOR_END: elapsed
    let error = outcome.expect_err("the sleep is longer");
    assert_quoted(&error.to_string());
}

#[tokio::test]
async fn channels_whose_other_end_is_gone() {
    // ANCHOR: closed
    let (sender, receiver) = mpsc::channel(8);
    drop(receiver);
    let outcome = sender.send("job").await;
    // ANCHOR_END: closed
    let error = outcome.expect_err("the receiver is gone");
    assert_quoted(&error.to_string());

    let (sender, receiver) = oneshot::channel::<u32>();
    drop(sender);
    let error = receiver.await.expect_err("the sender is gone");
    assert_quoted(&error.to_string());
}

#[tokio::test]
async fn a_receiver_that_lags() {
    // ANCHOR: lagged
    let (sender, mut receiver) = broadcast::channel(2);
    for news in 0..5 {
        sender.send(news).expect("there is a receiver");
    }
    let outcome = receiver.recv().await;
    // ANCHOR_END: lagged
    let error = outcome.expect_err("the channel holds two");
    assert_quoted(&error.to_string());
    assert_eq!(receiver.recv().await.ok(), Some(3), "it goes on after that");
}

#[tokio::test]
async fn a_semaphore_that_is_closed() {
    // ANCHOR: semaphore
    let limit = Arc::new(Semaphore::new(2));
    limit.close();
    let outcome = limit.acquire().await;
    // ANCHOR_END: semaphore
    let error = outcome.expect_err("it is closed");
    assert_quoted(&error.to_string());
}

#[tokio::test]
async fn tasks_that_did_not_return() {
    // ANCHOR: cancelled
    let task = tokio::spawn(pending::<()>());
    task.abort();
    let outcome = task.await;
    // ANCHOR_END: cancelled
    let error = outcome.expect_err("it was aborted");
    let id = error.id().to_string();
    assert_quoted(&error.to_string().replace(&id, "12"));

    let task = tokio::spawn(async { panic!("no page") });
    let error = task.await.expect_err("it panicked");
    let id = error.id().to_string();
    assert_eq!(
        error.to_string().replace(&id, "12"),
        "task 12 panicked with message \"no page\""
    );
}

#[test]
fn a_handle_that_is_awaited_again() {
    let words = panic_of(|| {
        runtime().block_on(async {
            // ANCHOR: awaited_again
            let mut task = tokio::spawn(async { 3 });
            loop {
                tokio::select! {
                    _page = &mut task => {}
                    () = sleep(Duration::from_secs(1)) => break,
                }
            }
            // ANCHOR_END: awaited_again
        });
    });
    assert_quoted(&words);
}

#[test]
fn a_select_with_nothing_to_wait_for() {
    let words = panic_of(|| {
        runtime().block_on(async {
            // ANCHOR: all_disabled
            let (sender, mut messages) = mpsc::channel::<u32>(1);
            drop(sender);
            tokio::select! {
                Some(message) = messages.recv() => println!("{message}"),
                () = sleep(Duration::from_secs(1)), if !messages.is_empty() => {}
            }
            // ANCHOR_END: all_disabled
        });
    });
    assert_quoted(&words);
}

#[tokio::test]
async fn a_pool_whose_connections_are_all_taken() -> Result<(), sqlx::Error> {
    // ANCHOR: pool
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_millis(50))
        .connect("sqlite::memory:")
        .await?;
    let _held = pool.acquire().await?;
    let outcome = pool.acquire().await;
    // ANCHOR_END: pool
    let error = outcome.expect_err("the one connection is taken");
    assert_quoted(&error.to_string());
    Ok(())
}

/// An address where somebody accepts a connection, reads a request, and closes it.
async fn hangs_up() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await;
    let listener = listener.expect("loopback is there");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        let (peer, _) = listener.accept().await.expect("somebody connects");
        let mut lines = BufReader::new(peer).lines();
        // An empty line ends a request without a body.
        while let Some(line) = lines.next_line().await.expect("the request comes")
            && !line.is_empty()
        {}
    });
    format!("http://{address}")
}

fn client() -> reqwest::Client {
    // A proxy from the environment must not see calls that stay on this machine.
    let client = reqwest::Client::builder().no_proxy().build();
    client.expect("a client without TLS needs nothing from the system")
}

/// The words of an error and of its causes.
fn chain(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words += &format!(": {error}");
        cause = error.source();
    }
    words
}

#[tokio::test]
async fn a_connection_that_is_closed_too_early() {
    let url = hangs_up().await;
    // ANCHOR: closed_early
    let outcome = client().get(url).send().await;
    // ANCHOR_END: closed_early
    let error = outcome.expect_err("there's no answer").without_url();
    assert_eq!(error.to_string(), "error sending request");
    assert_quoted("connection closed before message completed");
    let words = chain(&error);
    assert!(
        words.ends_with("connection closed before message completed"),
        "{words}"
    );
}

#[test]
fn a_client_that_outlives_its_runtime() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("loopback is there");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let (arrives, mut arrived) = oneshot::channel();
    let server = thread::spawn(move || {
        let (mut peer, _) = listener.accept().expect("somebody connects");
        let mut request = [0; 1024];
        let read = io::Read::read(&mut peer, &mut request);
        read.expect("the request comes");
        arrives.send(()).expect("somebody waits for it");
        // It never answers. It waits until the connection is closed.
        while io::Read::read(&mut peer, &mut request).is_ok_and(|read| read > 0) {}
    });
    // ANCHOR: dispatch
    let (first, second) = (runtime(), runtime());
    let mut call = Box::pin(client().get(url).send());
    // The connection is made here, and lives on this runtime.
    first.block_on(async {
        tokio::select! {
            _ = &mut call => {}
            _ = &mut arrived => {}
        }
    });
    drop(first);
    let outcome = second.block_on(call);
    // ANCHOR_END: dispatch
    let words = chain(&outcome.expect_err("its connection has gone"));
    assert_quoted("dispatch task is gone: runtime dropped the dispatch task");
    let due = "dispatch task is gone: runtime dropped the dispatch task";
    assert!(words.ends_with(due), "{words}");
    server.join().expect("it does not panic");
}

#[tokio::test]
async fn a_transaction_that_reads_and_then_writes() -> Result<(), sqlx::Error> {
    let folder = tempfile::tempdir()?;
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(folder.path().join("accounts.db"))
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
        .create_if_missing(true);
    let pool = SqlitePoolOptions::new().connect_with(options).await?;
    let accounts = "CREATE TABLE accounts (cents INTEGER); INSERT INTO accounts VALUES (100)";
    sqlx::raw_sql(accounts).execute(&pool).await?;
    // ANCHOR: locked
    let mut transaction = pool.begin().await?;
    let cents: i64 = sqlx::query_scalar("SELECT cents FROM accounts")
        .fetch_one(&mut *transaction)
        .await?;
    // Somebody else writes.
    sqlx::query("UPDATE accounts SET cents = 50")
        .execute(&pool)
        .await?;
    let outcome = sqlx::query("UPDATE accounts SET cents = ?")
        .bind(cents - 10)
        .execute(&mut *transaction)
        .await;
    // ANCHOR_END: locked
    let error = outcome.expect_err("what it has read is out of date");
    assert_quoted(&error.to_string());
    Ok(())
}
