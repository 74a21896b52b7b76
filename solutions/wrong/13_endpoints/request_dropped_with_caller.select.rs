//! Stops the task when the handler is dropped, on purpose.

pub async fn transfer(
    State(state): State<AppState>,
    user: CurrentUser,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    if order.cents < 1 {
        let reason = "an amount is 1 or more";
        return Err(ApiError::Invalid(reason.into()));
    }
    let work = steps(state.bank.open(), user.name, order);
    let (alive, gone) = tokio::sync::oneshot::channel::<()>();
    let task = state.tasks.spawn(async move {
        tokio::select! {
            done = work => done,
            _ = gone => Err(ApiError::Internal("the client is gone".into())),
        }
    });
    let done = task.await;
    drop(alive);
    match done {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt?))),
        Err(error) => Err(ApiError::Internal(error.to_string())),
    }
}
