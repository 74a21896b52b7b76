//! Chapter 14 on servers: the pool on PostgreSQL and MariaDB, what a dropped `begin` leaves on PostgreSQL, and how long a key
//! lives in Redis.
//!
//!     cargo run --target-dir target --manifest-path real-services/stores/Cargo.toml
//!
//! It starts a private server of each kind that's installed, or takes the one that `DATABASE_URL`, `MYSQL_URL` or
//! `REDIS_URL` names, and skips the others with a line. With `WORKBOOK_CLOCK=virtual`, every figure is exact.

use std::{error::Error, time::Duration};

use async_workbook::clock::{Clock, Hold, Readable, timed};
use futures::future::join_all;
use real_database::paced::Paced;
use real_servers::{Server, Store};
use real_stores::{
    mysql::Database,
    postgres::{Schema, drop_begin},
    resp::Resp,
};
use redis::{AsyncTypedCommands as _, SetExpiry, SetOptions, aio::MultiplexedConnection};
use sqlx::{MySql, Postgres, query, query_scalar};
use tokio::time::sleep;

const MS: Duration = Duration::from_millis(1);
const POOLS: [u32; 6] = [1, 5, 10, 20, 50, 100];
const SCHEMA: &str = "CREATE TABLE books (title VARCHAR(20) NOT NULL);";

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    Clock::from_env()?.runtime()?.block_on(lesson())
}

async fn lesson() -> Outcome {
    if let Some(server) = Server::of(Store::PostgreSql)? {
        postgresql(&server).await?;
    }
    if let Some(server) = Server::of(Store::MariaDb)? {
        mariadb(&server).await?;
    }
    redis().await
}

async fn postgresql(server: &Server) -> Outcome {
    let hold = Hold::new();
    let schema = Schema::create(server, "lesson", SCHEMA).await?;
    let max = schema.max_connections().await?;
    hold.release().await;
    println!("PostgreSQL, a hundred queries of 10 ms, all at once:\n");
    for connections in POOLS
        .into_iter()
        .filter(|connections| connections + 10 < max)
    {
        let pool = Paced::<Postgres>::connect(schema.options(), connections, 10 * MS).await?;
        let queries = (0..100).map(|_| pool.query("SELECT count(*) FROM books"));
        let (_, took) = timed(join_all(queries)).await;
        println!("    pool of {connections:3} {:>9}", Readable(took));
    }
    // From here on, the only waits are for the server.
    let _hold = Hold::new();
    let (pool, another) = (schema.pool(1), schema.pool(1));
    drop_begin(&pool, &another).await?;
    // ANCHOR: lost
    let inserted = query("INSERT INTO books VALUES ('Emma')")
        .execute(&pool)
        .await?;
    let stored: i64 = query_scalar("SELECT count(*) FROM books")
        .fetch_one(&another)
        .await?;
    println!(
        "\nAfter a dropped `begin`: {} row inserted, {stored} rows stored\n",
        inserted.rows_affected()
    );
    // ANCHOR_END: lost
    pool.close().await;
    schema.remove().await?;
    Ok(())
}

async fn mariadb(server: &Server) -> Outcome {
    let hold = Hold::new();
    let database = Database::create(server, "lesson", SCHEMA).await?;
    hold.release().await;
    println!("MariaDB, the same queries:\n");
    for connections in POOLS {
        let pool = Paced::<MySql>::connect(database.options(), connections, 10 * MS).await?;
        let queries = (0..100).map(|_| pool.query("SELECT count(*) FROM books"));
        let (_, took) = timed(join_all(queries)).await;
        println!("    pool of {connections:3} {:>9}", Readable(took));
    }
    println!();
    let _hold = Hold::new();
    Ok(database.remove().await?)
}

async fn redis() -> Outcome {
    println!("A key that lives for a second, on a server of our own:\n");
    expiry(Resp::default().client().await?).await?;
    if Clock::from_env()? == Clock::Virtual {
        return Ok(()); // A real server has a clock of its own.
    }
    if let Some(server) = Server::of(Store::Redis)? {
        println!("\nThe same on Redis:\n");
        let client = redis::Client::open(server.url())?;
        expiry(client.get_multiplexed_async_connection().await?).await?;
    }
    Ok(())
}

// ANCHOR: expiry
async fn expiry(mut client: MultiplexedConnection) -> Outcome {
    let for_a_second = SetOptions::default().with_expiration(SetExpiry::EX(1));
    client.set_options("author:1", "Ada", for_a_second).await?;
    sleep(900 * MS).await;
    println!("    after 0.9 s {:?}", client.get("author:1").await?);
    sleep(200 * MS).await;
    println!("    after 1.1 s {:?}", client.get("author:1").await?);
    client.del("author:1").await?;
    Ok(())
}
// ANCHOR_END: expiry
