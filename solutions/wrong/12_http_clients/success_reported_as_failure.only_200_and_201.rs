//! Takes 200 and 201 for the only good statuses.

async fn accepted(request: RequestBuilder) -> Result<Response, Failed> {
    let response = request.send().await?;
    let status = response.status();
    if [200, 201].contains(&status.as_u16()) {
        return Ok(response);
    }
    let retry_after = response.headers().get(RETRY_AFTER);
    let seconds = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
    let text = response.text().await?;
    Err(Failed {
        error: ApiError::Status {
            code: status.as_u16(),
            text,
        },
        retry_after: seconds.map(Duration::from_secs),
    })
}
