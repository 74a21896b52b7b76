//! Looks a customer up for each of its orders.

pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let chunks = orders.chunks(Shop::BATCH);
    let orders = join_all(chunks.map(|ids| shop.orders(ids))).await;
    let orders: Vec<_> = orders.into_iter().flatten().collect();
    let ids: Vec<u64> = orders.iter().map(|order| order.customer).collect();
    let chunks = ids.chunks(Shop::BATCH);
    let customers = join_all(chunks.map(|ids| shop.customers(ids))).await;
    let customers: Vec<_> = customers.into_iter().flatten().collect();
    std::iter::zip(&orders, &customers)
        .map(|(order, customer)| shop.invoice(order, customer))
        .collect()
}
