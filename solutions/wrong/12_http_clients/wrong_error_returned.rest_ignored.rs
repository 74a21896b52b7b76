//! Takes the first JSON value in the answer for all of it, whatever follows.

async fn user_in(request: RequestBuilder) -> Result<User, Failed> {
    let body = accepted(request).await?.bytes().await?;
    let mut json = serde_json::Deserializer::from_slice(&body);
    User::deserialize(&mut json).map_err(|_| ApiError::Decode.into())
}
