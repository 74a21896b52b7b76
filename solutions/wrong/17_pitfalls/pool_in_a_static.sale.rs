//! The first service's pool is that of all sales.

use std::sync::OnceLock;

static POOL: OnceLock<SqlitePool> = OnceLock::new();

async fn sale(
    State(shop): State<Arc<Shop>>,
    Path(isbns): Path<String>,
) -> Result<StatusCode, StatusCode> {
    let pool = POOL.get_or_init(|| shop.pool.clone());
    let mut transaction = pool.begin().await.map_err(database_failed)?;
    for isbn in isbns.split(',') {
        let sold =
            sqlx::query("UPDATE books SET copies = copies - 1 WHERE isbn = ? AND copies > 0")
                .bind(isbn)
                .execute(&mut *transaction)
                .await
                .map_err(database_failed)?;
        if sold.rows_affected() == 0 {
            return Err(StatusCode::CONFLICT);
        }
    }
    transaction.commit().await.map_err(database_failed)?;
    Ok(StatusCode::NO_CONTENT)
}
