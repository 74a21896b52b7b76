//! Removes the doubles of a list that nobody sorted.

pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let chunks = orders.chunks(Shop::BATCH);
    let orders = join_all(chunks.map(|ids| shop.orders(ids))).await;
    let orders: Vec<_> = orders.into_iter().flatten().collect();
    let mut ids: Vec<u64> = orders.iter().map(|order| order.customer).collect();
    ids.dedup();
    let chunks = ids.chunks(Shop::BATCH);
    let customers = join_all(chunks.map(|ids| shop.customers(ids))).await;
    let customers: HashMap<u64, _> = customers
        .into_iter()
        .flatten()
        .map(|customer| (customer.id, customer))
        .collect();
    orders
        .iter()
        .map(|order| shop.invoice(order, &customers[&order.customer]))
        .collect()
}
