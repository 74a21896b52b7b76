//! Takes the digits that the header begins with for its number.

async fn accepted(request: RequestBuilder) -> Result<Response, Failed> {
    let response = request.send().await?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let retry_after = response.headers().get(RETRY_AFTER);
    let seconds = retry_after.and_then(|value| {
        let text = value.to_str().ok()?;
        let end = text.find(|sign: char| !sign.is_ascii_digit());
        text[..end.unwrap_or(text.len())].parse().ok()
    });
    let text = response.text().await?;
    Err(Failed {
        error: ApiError::Status {
            code: status.as_u16(),
            text,
        },
        retry_after: seconds.map(Duration::from_secs),
    })
}
