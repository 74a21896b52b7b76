//! No pool at all, and a connection for each request.

use sqlx::{Connection as _, SqliteConnection};

async fn stock(
    State(shop): State<Arc<Shop>>,
    Path(isbn): Path<String>,
) -> Result<String, StatusCode> {
    let mut connection = SqliteConnection::connect_with(&shop.deps.database)
        .await
        .map_err(database_failed)?;
    let copies: Option<i64> = sqlx::query_scalar("SELECT copies FROM books WHERE isbn = ?")
        .bind(&isbn)
        .fetch_optional(&mut connection)
        .await
        .map_err(database_failed)?;
    Ok(copies.ok_or(StatusCode::NOT_FOUND)?.to_string())
}
