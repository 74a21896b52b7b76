//! Takes every 3xx for too many redirects.

async fn accepted(request: RequestBuilder) -> Result<Response, Failed> {
    let response = request.send().await?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    if status.is_redirection() {
        return Err(ApiError::Redirect.into());
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
