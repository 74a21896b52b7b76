//! Links once what answers with a real client, server or database are linked with: a second dynamic library, on top of
//! the one that every answer is linked with.

extern crate prelinked as _;

pub use {axum, real_database, real_services, reqwest, sqlx, tower, wiremock};
