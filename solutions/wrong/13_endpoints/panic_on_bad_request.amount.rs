//! A client's amount is asserted.

pub async fn transfer(
    State(state): State<AppState>,
    user: CurrentUser,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    assert!(order.cents > 0, "an amount is 1 or more");
    let work = steps(state.bank.open(), user.name, order);
    match state.tasks.spawn(work).await {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt?))),
        Err(error) => Err(ApiError::Internal(error.to_string())),
    }
}
