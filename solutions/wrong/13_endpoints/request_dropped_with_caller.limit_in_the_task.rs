//! The task has a time limit of its own.

pub async fn transfer(
    State(state): State<AppState>,
    user: CurrentUser,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    if order.cents < 1 {
        return Err(ApiError::Invalid("an amount is 1 or more".to_owned()));
    }
    let session = state.bank.open();
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
    let done = state.tasks.spawn(async move {
        tokio::time::timeout(PATIENCE, work)
            .await
            .unwrap_or(Err(ApiError::Timeout))
    });
    match done.await {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt?))),
        Err(error) => Err(ApiError::Internal(error.to_string())),
    }
}
