//! Asks for no orders, too.

pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let (first, rest) = orders.split_at(orders.len().min(Shop::BATCH));
    let rest = join_all(rest.chunks(Shop::BATCH).map(|ids| shop.orders(ids)));
    let (first, rest) = tokio::join!(shop.orders(first), rest);
    let orders: Vec<_> = first
        .into_iter()
        .chain(rest.into_iter().flatten())
        .collect();
    let ids: BTreeSet<u64> = orders.iter().map(|order| order.customer).collect();
    let ids: Vec<u64> = ids.into_iter().collect();
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
