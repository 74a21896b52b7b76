//! What a request is checked for, and the handlers of books.

use std::time::Duration;

use async_workbook::services::{
    secret::Secret,
    upstream::{Page, Route, Upstream, UpstreamError},
};
use axum::{
    Json,
    extract::{FromRequestParts, Path, Query, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

pub(crate) const KEY: &str = "key-of-the-shop";

#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) catalogue: Upstream,
    key: Secret,
}

pub(crate) fn shop() -> Shop {
    let seconds = Duration::from_secs_f64;
    let catalogue = Upstream::builder()
        .route(Route::new("books/7").latency(seconds(0.2)).body("Poems"))
        .page("books/8", seconds(60.0))
        .page("reserve/7", seconds(0.2))
        .page("pay/7", seconds(0.2));
    Shop {
        catalogue: catalogue.build(),
        key: Secret::new(KEY),
    }
}

// ANCHOR: failure
pub(crate) enum Failure {
    Unauthorized,
    NotFound,
    Invalid(&'static str),
    Catalogue(UpstreamError),
    Broken,
}

/// What a handler's `?` does with an error of the catalogue.
impl From<UpstreamError> for Failure {
    fn from(error: UpstreamError) -> Self {
        match error {
            UpstreamError::Status { status: 404, .. } => Self::NotFound,
            error => Self::Catalogue(error),
        }
    }
}

/// What the client is told, in one place. What failed inside goes to the log.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED.into_response(),
            Self::NotFound => StatusCode::NOT_FOUND.into_response(),
            Self::Invalid(why) => (StatusCode::UNPROCESSABLE_ENTITY, why).into_response(),
            Self::Catalogue(cause) => {
                tracing::error!(%cause, "the catalogue failed");
                StatusCode::BAD_GATEWAY.into_response()
            }
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}
// ANCHOR_END: failure

// ANCHOR: member
pub(crate) struct Member;

impl FromRequestParts<Shop> for Member {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, shop: &Shop) -> Result<Self, Failure> {
        match parts.headers.get("x-api-key").map(|key| key.to_str()) {
            // `==` would stop at the first byte that's wrong, and the time would tell which that is.
            Some(Ok(key)) if shop.key.matches(key) => Ok(Self),
            _ => Err(Failure::Unauthorized),
        }
    }
}
// ANCHOR_END: member

// ANCHOR: books
pub(crate) async fn one(
    _: Member,
    State(shop): State<Shop>,
    Path(id): Path<u64>,
) -> Result<Json<Page>, Failure> {
    Ok(Json(shop.catalogue.get(&format!("books/{id}")).await?))
}

#[derive(Deserialize)]
pub(crate) struct Paging {
    limit: usize,
}

pub(crate) async fn some(
    _: Member,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<&'static str>>, Failure> {
    if !(1..=100).contains(&paging.limit) {
        return Err(Failure::Invalid("`limit` is from 1 to 100"));
    }
    let titles = ["Poems", "Letters", "Plays"].into_iter();
    Ok(Json(titles.take(paging.limit).collect()))
}
// ANCHOR_END: books
