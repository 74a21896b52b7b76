//! Finishes one batch of orders after another, each with its own customers.

pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let batches = orders.chunks(Shop::BATCH).map(async |ids| {
        let orders = shop.orders(ids).await;
        let ids: BTreeSet<u64> = orders.iter().map(|order| order.customer).collect();
        let ids: Vec<u64> = ids.into_iter().collect();
        let customers = shop.customers(&ids).await;
        let customers: HashMap<u64, _> = customers
            .into_iter()
            .map(|customer| (customer.id, customer))
            .collect();
        let invoices: Vec<Invoice> = orders
            .iter()
            .map(|order| shop.invoice(order, &customers[&order.customer]))
            .collect();
        invoices
    });
    join_all(batches).await.concat()
}
