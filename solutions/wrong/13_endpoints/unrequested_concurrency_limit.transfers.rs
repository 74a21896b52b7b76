//! One transfer at a time, behind a lock.

static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

pub async fn transfer(
    State(state): State<AppState>,
    user: CurrentUser,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    if order.cents < 1 {
        let reason = "an amount is 1 or more";
        return Err(ApiError::Invalid(reason.into()));
    }
    let turn = TURN.lock().await;
    let work = steps(state.bank.open(), user.name, order);
    let work = async move {
        let _turn = turn;
        work.await
    };
    match state.tasks.spawn(work).await {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt?))),
        Err(error) => Err(ApiError::Internal(error.to_string())),
    }
}
