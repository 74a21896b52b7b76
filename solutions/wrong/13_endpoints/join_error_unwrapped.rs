//! A panic of the task becomes one of the handler, and the client gets no response.

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
    let receipt = state.tasks.spawn(work).await.unwrap()?;
    Ok((StatusCode::CREATED, Json(receipt)))
}
