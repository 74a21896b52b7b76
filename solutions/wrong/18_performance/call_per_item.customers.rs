//! Looks the orders up in batches, and then one customer after another.

pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let chunks = orders.chunks(Shop::BATCH);
    let orders = join_all(chunks.map(|ids| shop.orders(ids))).await;
    let orders: Vec<_> = orders.into_iter().flatten().collect();
    let mut customers = HashMap::new();
    for order in &orders {
        if !customers.contains_key(&order.customer) {
            customers.insert(order.customer, shop.customer(order.customer).await);
        }
    }
    orders
        .iter()
        .map(|order| shop.invoice(order, &customers[&order.customer]))
        .collect()
}
