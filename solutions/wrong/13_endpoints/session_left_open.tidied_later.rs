//! A second task closes the session a minute later.

pub async fn transfer(
    State(state): State<AppState>,
    user: CurrentUser,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    if order.cents < 1 {
        return Err(ApiError::Invalid("an amount is 1 or more".to_owned()));
    }
    let session = Arc::new(state.bank.open());
    let kept = session.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(kept);
    });
    let work = async move {
        session
            .withdraw(&user.name, order.cents)
            .await
            .map_err(|_| ApiError::Conflict)?;
        session.deposit(&order.to, order.cents).await;
        Ok::<_, ApiError>(Receipt {
            from: user.name,
            to: order.to,
            cents: order.cents,
        })
    };
    let done = state.tasks.spawn(work);
    match done.await {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt?))),
        Err(error) => Err(ApiError::Internal(error.to_string())),
    }
}
