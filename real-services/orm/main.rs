//! Chapter 14 with an ORM: how many queries a page of ten titles makes, and what an update sends.
//!
//!     cargo run --manifest-path real-services/orm/Cargo.toml

use std::error::Error;

use real_database::{Database, statements};
use real_orm::{SCHEMA, joined, loaded, one_by_one, restocked};
use sea_orm::DatabaseConnection;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    statements::watch();
    let database = Database::create(SCHEMA).await?;
    println!("Ten titles and their authors:\n");
    for way in ["one by one", "joined", "loaded"] {
        // ANCHOR: shared
        let pool = database.pool(1);
        // SeaORM uses the pool that sqlx has. Both can.
        let db = DatabaseConnection::from(pool.clone());
        // ANCHOR_END: shared
        let titles = match way {
            "one by one" => one_by_one(&db).await?,
            "joined" => joined(&db).await?,
            _ => loaded(&db).await?,
        };
        assert_eq!(titles.len(), 10);
        // A statement is noted when its thread is done with it.
        pool.close().await;
        println!("    {way:10} {:2} queries", database.statements().len());
        database.forget_statements();
    }
    let pool = database.pool(1);
    restocked(&DatabaseConnection::from(pool.clone()), 1).await?;
    pool.close().await;
    println!("\nOne more copy of a book:\n");
    for statement in database.statements() {
        println!("    {}", statement.sql);
    }
    Ok(())
}
