//! Opens a session before it looks at the amount.

pub async fn transfer(
    State(state): State<AppState>,
    user: CurrentUser,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    let session = state.bank.open();
    if order.cents < 1 {
        let reason = "an amount is 1 or more";
        return Err(ApiError::Invalid(reason.into()));
    }
    let work = steps(session, user.name, order);
    match state.tasks.spawn(work).await {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt?))),
        Err(error) => Err(ApiError::Internal(error.to_string())),
    }
}
