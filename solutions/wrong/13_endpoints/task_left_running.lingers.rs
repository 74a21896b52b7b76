//! The task tells its result, and stays for a second.

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
    let (told, answer) = tokio::sync::oneshot::channel();
    state.tasks.spawn(async move {
        drop(told.send(work.await));
        tokio::time::sleep(Duration::from_secs(1)).await;
    });
    match answer.await {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt?))),
        Err(_) => Err(ApiError::Internal("the transfer panicked".to_owned())),
    }
}
