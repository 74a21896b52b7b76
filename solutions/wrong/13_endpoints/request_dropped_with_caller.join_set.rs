//! The set of tasks is the handler's, and aborts them when it's dropped.

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
    let mut set = tokio::task::JoinSet::new();
    set.spawn(state.tasks.track_future(work));
    match set.join_next().await {
        Some(Ok(receipt)) => Ok((StatusCode::CREATED, Json(receipt?))),
        _ => Err(ApiError::Internal("the transfer panicked".into())),
    }
}
