//! Writes the name of the wrong customer by hand.

pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let chunks = orders.chunks(Shop::BATCH);
    let orders = join_all(chunks.map(|ids| shop.orders(ids))).await;
    let orders: Vec<_> = orders.into_iter().flatten().collect();
    let ids: BTreeSet<u64> = orders.iter().map(|order| order.customer).collect();
    let ids: Vec<u64> = ids.into_iter().collect();
    let chunks = ids.chunks(Shop::BATCH);
    let customers = join_all(chunks.map(|ids| shop.customers(ids))).await;
    let customers: HashMap<u64, _> = customers
        .into_iter()
        .flatten()
        .map(|customer| (customer.id, customer))
        .collect();
    let first = customers.values().min_by_key(|customer| customer.id);
    let invoice = |order| {
        let mut invoice: Invoice = shop.invoice(order, &customers[&order.customer]);
        if let Some((text, _)) = invoice.text.rsplit_once(" to ") {
            let name = first.map_or("", |customer| &customer.name);
            invoice.text = format!("{text} to {name}");
        }
        invoice
    };
    orders.iter().map(invoice).collect()
}
