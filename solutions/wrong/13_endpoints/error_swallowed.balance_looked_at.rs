//! Looks at the balance first, and doesn't look at the withdrawal.

pub async fn transfer(
    State(state): State<AppState>,
    user: CurrentUser,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Receipt>), ApiError> {
    if order.cents < 1 {
        return Err(ApiError::Invalid("an amount is 1 or more".to_owned()));
    }
    if state.bank.balance(&user.name) < order.cents {
        return Err(ApiError::Conflict);
    }
    let session = state.bank.open();
    let work = async move {
        let _ = session.withdraw(&user.name, order.cents).await;
        session.deposit(&order.to, order.cents).await;
        Receipt {
            from: user.name,
            to: order.to,
            cents: order.cents,
        }
    };
    match state.tasks.spawn(work).await {
        Ok(receipt) => Ok((StatusCode::CREATED, Json(receipt))),
        Err(error) => Err(ApiError::Internal(error.to_string())),
    }
}
