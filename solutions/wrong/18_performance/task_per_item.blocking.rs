//! Sends each invoice to the blocking pool.

use std::sync::Arc;
use tokio::task::spawn_blocking;

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
    let customers = Arc::new(customers);
    let mut invoices = Vec::new();
    for order in orders {
        let (shop, customers) = (shop.clone(), Arc::clone(&customers));
        let job = spawn_blocking(move || shop.invoice(&order, &customers[&order.customer]));
        invoices.push(job.await.expect("it doesn't panic"));
    }
    invoices
}
