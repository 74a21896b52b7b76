//! The first service's pool is that of all quotes.

use std::sync::OnceLock;

static POOL: OnceLock<SqlitePool> = OnceLock::new();

async fn quote(
    State(shop): State<Arc<Shop>>,
    Path((isbn, currency)): Path<(String, String)>,
) -> Result<String, StatusCode> {
    let pool = POOL.get_or_init(|| shop.pool.clone());
    let cents: Option<i64> = sqlx::query_scalar("SELECT cents FROM books WHERE isbn = ?")
        .bind(&isbn)
        .fetch_optional(pool)
        .await
        .map_err(database_failed)?;
    let cents = cents.ok_or(StatusCode::NOT_FOUND)?;
    let url = format!("{}/rates/{currency}", shop.deps.catalogue);
    let rate: i64 = ask(&shop.client, &url)
        .await?
        .parse()
        .map_err(|_| StatusCode::BAD_GATEWAY)?;
    let quoted = cents * rate / 100;
    sqlx::query("INSERT INTO quotes (isbn, cents) VALUES (?, ?)")
        .bind(&isbn)
        .bind(quoted)
        .execute(pool)
        .await
        .map_err(database_failed)?;
    Ok(quoted.to_string())
}
