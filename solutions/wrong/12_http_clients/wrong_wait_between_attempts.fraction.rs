//! Takes 2.5 for a number of seconds.

async fn accepted(request: RequestBuilder) -> Result<Response, Failed> {
    let response = request.send().await?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let retry_after = response.headers().get(RETRY_AFTER);
    let seconds = retry_after.and_then(|value| value.to_str().ok()?.parse::<f64>().ok());
    let text = response.text().await?;
    Err(Failed {
        error: ApiError::Status {
            code: status.as_u16(),
            text,
        },
        retry_after: seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
    })
}
