//! SeaORM beside sqlx, on the same pool.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, DatabaseConnection, DbErr, EntityTrait as _,
    IntoActiveModel as _, LoaderTrait as _, ModelTrait as _, QueryOrder as _,
    TransactionTrait as _,
};

/// The tables, and two rows and ten.
pub const SCHEMA: &str = "\
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE books (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, author INTEGER NOT NULL REFERENCES authors, copies INTEGER NOT NULL
);
INSERT INTO authors VALUES (1, 'Jane Austen'), (2, 'Mary Shelley');
WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10)
INSERT INTO books SELECT n, 'book ' || n, 1 + n % 2, 3 FROM n;
";

// ANCHOR: entities
pub mod author {
    //! An author.
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, Eq, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "authors")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        #[sea_orm(has_many)]
        pub books: HasMany<super::book::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod book {
    //! A book.
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, Eq, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "books")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub title: String,
        #[sea_orm(column_name = "author")]
        pub author_id: i64,
        pub copies: i64,
        #[sea_orm(belongs_to, from = "author_id", to = "id")]
        pub author: BelongsTo<super::author::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
// ANCHOR_END: entities

/// A title, and who wrote it.
pub type Title = (String, String);

// ANCHOR: one_by_one
/// One query for the books, and one for each author.
pub async fn one_by_one(db: &DatabaseConnection) -> Result<Vec<Title>, DbErr> {
    let mut titles = Vec::new();
    for book in book::Entity::find().order_by_id_asc().all(db).await? {
        let author = book.find_related(author::Entity).one(db).await?;
        titles.push((book.title, named(author)));
    }
    Ok(titles)
}
// ANCHOR_END: one_by_one

// ANCHOR: joined
/// A join, as `joinedload` makes one.
pub async fn joined(db: &DatabaseConnection) -> Result<Vec<Title>, DbErr> {
    let books = book::Entity::find().find_also_related(author::Entity);
    let books = books.order_by_id_asc().all(db).await?;
    Ok(books
        .into_iter()
        .map(|(book, author)| (book.title, named(author)))
        .collect())
}
// ANCHOR_END: joined

// ANCHOR: loaded
/// One query for the books, and one for all of their authors, as `selectinload` makes them.
pub async fn loaded(db: &DatabaseConnection) -> Result<Vec<Title>, DbErr> {
    let books = book::Entity::find().order_by_id_asc().all(db).await?;
    let authors = books.load_one(author::Entity, db).await?;
    let titles = books.into_iter().zip(authors);
    Ok(titles
        .map(|(book, author)| (book.title, named(author)))
        .collect())
}
// ANCHOR_END: loaded

fn named(author: Option<author::Model>) -> String {
    author.map_or_else(|| "unknown".into(), |author| author.name)
}

// ANCHOR: changed
/// A row is a value. To change it in the table, say which columns are new, and await the `UPDATE`.
pub async fn restocked(db: &DatabaseConnection, id: i64) -> Result<(), DbErr> {
    let Some(book) = book::Entity::find_by_id(id).one(db).await? else {
        return Err(DbErr::RecordNotFound(format!("book {id}")));
    };
    let copies = book.copies + 1;
    let mut book = book.into_active_model();
    book.copies = Set(copies);
    book.update(db).await?;
    Ok(())
}
// ANCHOR_END: changed

// ANCHOR: transaction
/// All copies of one book become another's. A transaction that's dropped before its commit rolls back.
pub async fn relabelled(db: &DatabaseConnection, from: i64, to: i64) -> Result<(), DbErr> {
    let transaction = db.begin().await?;
    let mut copies = 0;
    for id in [from, to] {
        let Some(book) = book::Entity::find_by_id(id).one(&transaction).await? else {
            return Err(DbErr::RecordNotFound(format!("book {id}")));
        };
        copies += book.copies;
        let mut book = book.into_active_model();
        book.copies = Set(if id == from { 0 } else { copies });
        book.update(&transaction).await?;
    }
    transaction.commit().await
}
// ANCHOR_END: transaction
