//! Spawns a task for each batch, and awaits it at once.

pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let mut found = Vec::new();
    for ids in orders.chunks(Shop::BATCH) {
        let (shop, ids) = (shop.clone(), ids.to_vec());
        let task = tokio::spawn(async move { shop.orders(&ids).await });
        found.extend(task.await.expect("it doesn't panic"));
    }
    let orders = found;
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
