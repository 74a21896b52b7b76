//! A `Retry-After` that is no number is taken for a zero.

async fn accepted(request: RequestBuilder) -> Result<Response, Failed> {
    let response = request.send().await?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let retry_after = response.headers().get(RETRY_AFTER);
    let seconds = retry_after.map(|value| value.to_str().unwrap_or_default().parse().unwrap_or(0));
    let text = response.text().await.unwrap_or_default();
    Err(Failed {
        error: ApiError::Status {
            code: status.as_u16(),
            text,
        },
        retry_after: seconds.map(Duration::from_secs),
    })
}
