//! Gives the endpoint another limit than the exercise does.

async fn data(State(upstream): State<Upstream>) -> Result<String, GatewayTimeout> {
    let call = async move { upstream.fetch("data").await };
    let page = within(Duration::from_secs(30), call).await?;
    Ok(page.body)
}
