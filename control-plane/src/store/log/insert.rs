//! Inserting accounts, each once.
//!
//! SQLite takes a group of values per row, PostgreSQL one array per column.

use std::collections::HashSet;
use std::sync::LazyLock;

use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, DbBackend, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QuerySelect as _, Statement,
};
use uuid::Uuid;

use super::LogRecord;
use super::row::row;
use crate::entity::request_log::{Column, Entity, Model};
use crate::store::database::Database;
use crate::store::spread::{self, Spread, or_no_number, or_no_text};

/// Inserts those of `records` that are not there already (under another epoch, say), and gives them. Two deliveries that bring the
/// same record at the same moment under different epochs store it once: the second waits for the first, or is refused and finds
/// it when it comes again.
pub(super) async fn insert<'a>(
    database: &Database,
    transaction: &DatabaseTransaction,
    worker: Uuid,
    records: &[&'a LogRecord],
) -> Result<Vec<&'a LogRecord>, DbErr> {
    if database.is_postgres() {
        let mut new = spread(transaction, worker, records).await?;
        Ok(records.iter().copied().filter(|record| new.remove(&record.id)).collect())
    } else {
        let mut seen = stored(transaction, records).await?;
        let new: Vec<&LogRecord> = records.iter().copied().filter(|record| seen.insert(record.id)).collect();
        let rows = new.iter().map(|record| row(worker, record).into_active_model());
        Entity::insert_many(rows).exec_without_returning(transaction).await?;
        Ok(new)
    }
}

/// Which of the records are there already.
async fn stored(transaction: &DatabaseTransaction, records: &[&LogRecord]) -> Result<HashSet<Uuid>, DbErr> {
    let ids = records.iter().map(|record| record.id);
    let known = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids));
    Ok(known.into_tuple::<Uuid>().all(transaction).await?.into_iter().collect())
}

/// Inserts with one array per column, and says which rows were new.
async fn spread(transaction: &DatabaseTransaction, worker: Uuid, records: &[&LogRecord]) -> Result<HashSet<Uuid>, DbErr> {
    let rows: Vec<Model> = records.iter().map(|record| row(worker, record)).collect();
    let insert = Statement::from_sql_and_values(DbBackend::Postgres, INSERT.as_str(), spread::arrays(&COLUMNS, &rows));
    transaction.query_all_raw(insert).await?.iter().map(|row| row.try_get("", "id")).collect()
}

/// When a row was stored is told by the server's clock, which all control planes share.
static INSERT: LazyLock<String> = LazyLock::new(|| {
    let names = spread::names(&COLUMNS);
    format!(
        "INSERT INTO request_log ({names}, stored_us) \
         SELECT {}, CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000000 AS BIGINT) \
         FROM UNNEST({}) AS delivered ({names}) ON CONFLICT (id) DO NOTHING RETURNING id",
        spread::selected(&COLUMNS),
        spread::parameters(&COLUMNS),
    )
});

static COLUMNS: [Spread<Model>; 32] = [
    Spread::uuid("id", |row| row.id.into()),
    Spread::uuid("worker_id", |row| row.worker_id.into()),
    Spread::text("request_id", |row| row.request_id.as_str().into()),
    Spread::number("started_us", |row| row.started_us.into()),
    Spread::number("duration_us", |row| row.duration_us.into()),
    Spread::number("first_content_us", |row: &Model| or_no_number(row.first_content_us)).nullable(),
    Spread::text("surface", |row| row.surface.as_str().into()),
    Spread::text("requested_model", |row| row.requested_model.as_str().into()),
    Spread::text("model", |row| row.model.as_str().into()),
    Spread::text("provider", |row| row.provider.as_str().into()),
    Spread::text("target", |row| row.target.as_str().into()),
    Spread::uuid("key_id", |row: &Model| row.key_id.unwrap_or_default().into()).nullable(),
    Spread::small("status", |row| row.status.into()),
    Spread::truth("stream", |row| row.stream.into()),
    Spread::truth("client_gone", |row| row.client_gone.into()),
    Spread::text("finish_reason", |row: &Model| or_no_text(row.finish_reason.as_ref())).nullable(),
    Spread::text("error_class", |row: &Model| or_no_text(row.error_class.as_ref())).nullable(),
    Spread::text("error_code", |row: &Model| or_no_text(row.error_code.as_ref())).nullable(),
    Spread::text("error_message", |row: &Model| or_no_text(row.error_message.as_ref())).nullable(),
    Spread::number("input", |row: &Model| or_no_number(row.input)).nullable(),
    Spread::number("cache_read", |row: &Model| or_no_number(row.cache_read)).nullable(),
    Spread::number("cache_write", |row: &Model| or_no_number(row.cache_write)).nullable(),
    Spread::number("cache_write_1h", |row: &Model| or_no_number(row.cache_write_1h)).nullable(),
    Spread::number("output", |row: &Model| or_no_number(row.output)).nullable(),
    Spread::number("reasoning", |row: &Model| or_no_number(row.reasoning)).nullable(),
    Spread::number("audio_input", |row: &Model| or_no_number(row.audio_input)).nullable(),
    Spread::number("audio_output", |row: &Model| or_no_number(row.audio_output)).nullable(),
    Spread::number("cost_nanos", |row: &Model| or_no_number(row.cost_nanos)).nullable(),
    Spread::text("price_rule", |row: &Model| or_no_text(row.price_rule.as_ref())).nullable(),
    Spread::text("attempts", |row| row.attempts.as_str().into()),
    Spread::number("generation", |row| row.generation.into()),
    Spread::small("repairs", |row| row.repairs.into()),
];
