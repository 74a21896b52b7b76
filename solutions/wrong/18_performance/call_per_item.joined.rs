//! Looks everything up at the same time, each thing in a call of its own.

pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let orders = join_all(orders.iter().map(|&id| shop.order(id))).await;
    let customers = join_all(orders.iter().map(|order| shop.customer(order.customer))).await;
    std::iter::zip(&orders, &customers)
        .map(|(order, customer)| shop.invoice(order, customer))
        .collect()
}
