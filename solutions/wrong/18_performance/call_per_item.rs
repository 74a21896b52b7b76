//! Is `slow_invoices`.

pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let mut invoices = Vec::new();
    for &id in orders {
        let order = shop.order(id).await;
        let customer = shop.customer(order.customer).await;
        let (shop, order) = (shop.clone(), order.clone());
        let task = tokio::spawn(async move { shop.invoice(&order, &customer) });
        invoices.push(task.await.expect("it doesn't panic"));
    }
    invoices
}
