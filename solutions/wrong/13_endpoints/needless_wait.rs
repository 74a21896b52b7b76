//! Asks every 300 ms whether the task has ended.

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
    let task = state.tasks.spawn(work);
    while !task.is_finished() {
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    match task.await {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt?))),
        Err(error) => Err(ApiError::Internal(error.to_string())),
    }
}
