//! Only the deposit has a task.

pub async fn transfer(
    State(state): State<AppState>,
    user: CurrentUser,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    if order.cents < 1 {
        let reason = "an amount is 1 or more";
        return Err(ApiError::Invalid(reason.into()));
    }
    let session = state.bank.open();
    let withdrawn = session.withdraw(&user.name, order.cents).await;
    withdrawn.map_err(|_refused| ApiError::Conflict)?;
    let Order { to, cents } = order;
    let work = async move {
        session.deposit(&to, cents).await;
        Ok::<_, ApiError>(Receipt {
            from: user.name,
            to,
            cents,
        })
    };
    match state.tasks.spawn(work).await {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt?))),
        Err(error) => Err(ApiError::Internal(error.to_string())),
    }
}
