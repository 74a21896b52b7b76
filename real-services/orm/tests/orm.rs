//! What the page of chapter 14 says of an ORM.

use std::{env, fs, future::poll_fn, path::Path, pin::pin, process::Command, task::Poll};

use real_database::{Database, statements};
use real_orm::{SCHEMA, book, joined, loaded, one_by_one, relabelled, restocked};
use sea_orm::{DatabaseConnection, DbErr, EntityTrait as _};
use sqlx::query_scalar;

async fn database() -> Database {
    statements::watch();
    Database::create(SCHEMA).await.expect("SQLite takes it")
}

/// The statements that a function has run.
async fn asked<T>(
    database: &Database,
    act: impl AsyncFnOnce(&DatabaseConnection) -> Result<T, DbErr>,
) -> (T, Vec<String>) {
    database.forget_statements();
    let pool = database.pool(1);
    let outcome = act(&DatabaseConnection::from(pool.clone())).await;
    // A statement is noted when its thread is done with it.
    pool.close().await;
    let statements = database
        .statements()
        .into_iter()
        .map(|statement| statement.sql);
    (outcome.expect("it answers"), statements.collect())
}

#[tokio::test]
async fn ten_titles_need_eleven_queries_or_one_or_two() {
    let database = database().await;
    let (expected, queries) = asked(&database, async |db| one_by_one(db).await).await;
    assert_eq!((expected.len(), queries.len()), (10, 11), "{queries:#?}");
    let (titles, queries) = asked(&database, async |db| joined(db).await).await;
    assert_eq!((&titles, queries.len()), (&expected, 1), "{queries:#?}");
    let (titles, queries) = asked(&database, async |db| loaded(db).await).await;
    assert_eq!((&titles, queries.len()), (&expected, 2), "{queries:#?}");
}

#[tokio::test]
async fn an_update_sends_what_was_set_and_nothing_is_sent_by_itself() {
    let database = database().await;
    let ((), statements) = asked(&database, async |db| restocked(db, 1).await).await;
    let update = &statements[1];
    assert!(
        update.starts_with("UPDATE") && update.contains("SET \"copies\" = ?"),
        "{update}"
    );
    assert!(!update.contains("SET \"title\""), "{update}");
    let ((first, second), _) = asked(&database, async |db| {
        let find = async || book::Entity::find_by_id(1).one(db).await;
        let (mut first, second) = (
            find().await?.expect("it is there"),
            find().await?.expect("it is there"),
        );
        // Two values, and none of them is what the table has. With SQLAlchemy they'd be one object.
        first.copies = 99;
        assert_eq!(find().await?.expect("it is there").copies, 4);
        Ok((first, second))
    })
    .await;
    assert_eq!((first.copies, second.copies), (99, 4));
}

/// Drops the change at each of its polls. The pool is sqlx's, and so is what holds.
#[tokio::test]
async fn a_dropped_transaction_leaves_all_or_nothing() {
    let database = database().await;
    let (pool, other) = (database.pool(1), database.pool(1));
    let db = DatabaseConnection::from(pool.clone());
    for polls in 1.. {
        let mut left = polls;
        let ended = {
            let mut change = pin!(relabelled(&db, 1, 2));
            poll_fn(|context| {
                left -= 1;
                match change.as_mut().poll(context) {
                    Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
                    Poll::Pending if left == 0 => Poll::Ready(None),
                    Poll::Pending => Poll::Pending,
                }
            })
            .await
        };
        // The pool has one connection, and gives it back once the transaction has ended.
        let back = pool.acquire().await.expect("it comes back");
        drop(back);
        let copies: Vec<i64> = query_scalar("SELECT copies FROM books WHERE id < 3 ORDER BY id")
            .fetch_all(&other)
            .await
            .expect("it answers");
        assert!(
            copies == [3, 3] || copies == [0, 6],
            "{copies:?} after {polls} polls"
        );
        if let Some(outcome) = ended {
            outcome.expect("the books are there");
            assert_eq!(copies, [0, 6]);
            break;
        }
        sqlx::query("UPDATE books SET copies = 3")
            .execute(&other)
            .await
            .expect("it is free");
    }
}

/// The page shows what the program prints.
#[test]
fn the_program_prints_what_the_page_shows() {
    let output = Command::new(env!("CARGO_BIN_EXE_orm")).output();
    let output = output.expect("it was just built");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let printed = String::from_utf8(output.stdout).expect("it prints UTF-8");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("printed.txt");
    if env::var_os("UPDATE_PRINTED").is_some() {
        fs::write(&file, &printed).expect("the clone can be written");
    }
    let recorded = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(printed, recorded, "if it's right: UPDATE_PRINTED=1");
}
