//! Pauses between the orders and the customers.

use tokio::time::sleep;

pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let chunks = orders.chunks(Shop::BATCH);
    let orders = join_all(chunks.map(|ids| shop.orders(ids))).await;
    let orders: Vec<_> = orders.into_iter().flatten().collect();
    sleep(Duration::from_millis(10)).await;
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
