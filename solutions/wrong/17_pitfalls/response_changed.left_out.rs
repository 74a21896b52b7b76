//! A part that fails is passed over by `flatten`, and the others stand in the wrong lines.

async fn book(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let lines = ["titles", "reviews", "related"].map(async |part| {
        let url = format!("{}/{part}/{isbn}", shop.deps.catalogue);
        ask(&shop.client, &url).await
    });
    let lines: Vec<_> = join_all(lines).await.into_iter().flatten().collect();
    lines.join("\n")
}
