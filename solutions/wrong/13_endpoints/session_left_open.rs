//! Forgets the session, to keep it from being closed too early.

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
    match state.tasks.spawn(work).await {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt?))),
        Err(error) => Err(ApiError::Internal(error.to_string())),
    }
}

async fn steps(session: Session, from: String, order: Order) -> Result<Receipt, ApiError> {
    let Order { to, cents } = order;
    let withdrawn = session.withdraw(&from, cents).await;
    withdrawn.map_err(|_refused| ApiError::Conflict)?;
    session.deposit(&to, cents).await;
    std::mem::forget(session);
    Ok(Receipt { from, to, cents })
}
