//! Spawns a task for each invoice.

use std::sync::Arc;

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
    let tasks = orders.into_iter().map(|order| {
        let (shop, customers) = (shop.clone(), Arc::clone(&customers));
        tokio::spawn(async move { shop.invoice(&order, &customers[&order.customer]) })
    });
    let tasks: Vec<_> = tasks.collect();
    let invoices = join_all(tasks).await.into_iter();
    invoices
        .map(|task| task.expect("it doesn't panic"))
        .collect()
}
