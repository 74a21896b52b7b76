//! Has a closure return the customer of an order.

use async_workbook::services::shop::Order;

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
    let customer_of = |order: &Order| customers.get(&order.customer).cloned();
    let mut invoices = Vec::new();
    for order in &orders {
        if let Some(customer) = customer_of(order) {
            invoices.push(shop.invoice(order, &customer));
        }
    }
    invoices
}
