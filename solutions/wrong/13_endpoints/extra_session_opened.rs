//! A session for each step.

pub async fn transfer(
    State(state): State<AppState>,
    user: CurrentUser,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    if order.cents < 1 {
        let reason = "an amount is 1 or more";
        return Err(ApiError::Invalid(reason.into()));
    }
    let (bank, from, Order { to, cents }) = (state.bank.clone(), user.name, order);
    let work = async move {
        let withdrawn = bank.open().withdraw(&from, cents).await;
        withdrawn.map_err(|_refused| ApiError::Conflict)?;
        bank.open().deposit(&to, cents).await;
        Ok::<_, ApiError>(Receipt { from, to, cents })
    };
    match state.tasks.spawn(work).await {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt?))),
        Err(error) => Err(ApiError::Internal(error.to_string())),
    }
}
