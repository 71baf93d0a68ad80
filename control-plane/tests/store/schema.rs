//! Both dialects have one schema.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};

use crate::home::{Home, Kind};

/// Column → type and whether it may be null, by table.
type Schema = BTreeMap<String, BTreeMap<String, (String, bool)>>;

const POSTGRES: &str = "SELECT table_name AS t, column_name AS c, data_type AS k, (is_nullable = 'YES') AS n \
                        FROM information_schema.columns WHERE table_schema = 'public'";
const SQLITE: &str = "SELECT m.name AS t, c.name AS c, c.type AS k, (c.\"notnull\" = 0 AND c.pk = 0) AS n \
                      FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";

async fn schema(home: &Home) -> Schema {
    let database: DatabaseConnection = home.raw().await;
    let (backend, question) =
        if home.kind == Kind::Postgres { (DbBackend::Postgres, POSTGRES) } else { (DbBackend::Sqlite, SQLITE) };
    let rows = database.query_all_raw(Statement::from_string(backend, question)).await.expect("it answers");
    let mut schema = Schema::new();
    for row in rows {
        let text = |name: &str| row.try_get::<String>("", name).expect("a text");
        let kind = match text("k").to_lowercase().as_str() {
            "uuid_text" | "uuid" => "uuid",
            "bytea" | "blob" => "bytes",
            "varchar" | "character varying" | "text" => "text",
            // Every whole number has 64 bits in SQLite.
            "bigint" | "integer" => "integer",
            "boolean" => "boolean",
            other => panic!("a type that the other dialect may not have: {other}"),
        };
        let nullable = row.try_get::<bool>("", "n").expect("a truth");
        schema.entry(text("t")).or_default().insert(text("c"), (kind.to_owned(), nullable));
    }
    schema
}

#[tokio::test]
async fn both_databases_have_the_same_tables_and_columns() {
    let (Some(sqlite), Some(postgres)) = (Home::new(Kind::Sqlite).await, Home::new(Kind::Postgres).await) else { return };
    sqlite.store().await;
    postgres.store().await;
    let (one, other) = (schema(&sqlite).await, schema(&postgres).await);
    assert_eq!(one, other);
    assert_eq!(one.len(), 16);
}
