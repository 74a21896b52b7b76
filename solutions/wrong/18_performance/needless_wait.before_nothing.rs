//! Waits for company, even if there is nothing to do.

use tokio::time::sleep;

pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    if orders.len() < 2 {
        sleep(Duration::from_millis(10)).await;
    }
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
    orders
        .iter()
        .map(|order| shop.invoice(order, &customers[&order.customer]))
        .collect()
}
