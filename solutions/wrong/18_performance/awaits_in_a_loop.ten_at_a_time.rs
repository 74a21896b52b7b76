//! Makes no more than ten calls at a time, so there's a third wait for more than a thousand orders.

use std::collections::{BTreeSet, HashMap};

use async_workbook::services::shop::{Customer, Invoice, Order, Shop};

use futures::{StreamExt as _, stream};

pub async fn invoices(shop: &Shop, orders: &[u64]) -> Vec<Invoice> {
    let calls = orders.chunks(Shop::BATCH).map(|ids| shop.orders(ids));
    let found: Vec<Vec<Order>> = stream::iter(calls).buffered(10).collect().await;
    let found: Vec<Order> = found.into_iter().flatten().collect();
    let ids: BTreeSet<u64> = found.iter().map(|order| order.customer).collect();
    let ids: Vec<u64> = ids.into_iter().collect();
    let calls = ids.chunks(Shop::BATCH).map(|ids| shop.customers(ids));
    let customers: Vec<Vec<Customer>> = stream::iter(calls).buffered(10).collect().await;
    let customers: HashMap<u64, Customer> =
        customers.into_iter().flatten().map(|c| (c.id, c)).collect();
    found
        .iter()
        .map(|order| shop.invoice(order, &customers[&order.customer]))
        .collect()
}
