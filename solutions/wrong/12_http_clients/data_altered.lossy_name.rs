//! Reads the JSON as text, in which whatever isn't UTF-8 is replaced.

async fn user_in(request: RequestBuilder) -> Result<User, Failed> {
    let body = accepted(request).await?.text().await?;
    serde_json::from_str(&body).map_err(|_| ApiError::Decode.into())
}
