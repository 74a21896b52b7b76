//! Tracks the handler's own future. Tracking keeps nothing alive.

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
    let receipt = state.tasks.track_future(work).await?;
    Ok((StatusCode::CREATED, Json(receipt)))
}
