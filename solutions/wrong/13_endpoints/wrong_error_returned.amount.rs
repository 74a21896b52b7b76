//! A wrong amount is a conflict.

pub async fn transfer(
    State(state): State<AppState>,
    user: CurrentUser,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    if order.cents < 1 {
        return Err(ApiError::Conflict);
    }
    let work = steps(state.bank.open(), user.name, order);
    match state.tasks.spawn(work).await {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt?))),
        Err(error) => Err(ApiError::Internal(error.to_string())),
    }
}
