//! Adding to roll-ups: read what is there, add in memory, write it back, alone.
//!
//! Histograms do not add up in SQL that both databases know. On PostgreSQL an advisory lock lets one delivery at a time do this;
//! deliveries would wait for each other all the same, at the rows of the current minute, hour and day.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, DbBackend, DbErr, EntityTrait as _, IntoActiveModel as _, Iterable as _,
    PrimaryKeyToColumn as _, Statement, Value,
};
use uuid::Uuid;

use super::grain::Grain;
use super::sums::Sums;
use super::{ALL_KEYS, EVERYTHING};
use crate::entity::rollup::{Column, Entity, Model, PrimaryKey};
use crate::store::StoreError;
use crate::store::database::{Database, Lock};
use crate::store::spread::{self, Spread};

/// Rows of one statement: with 27 columns this stays below the parameters that SQLite takes.
const ROWS: usize = 500;

/// Where something is counted: key, start of the minute, provider, model.
pub(in crate::store::log) type Minute = (Uuid, i64, String, String);

/// A row's key: key, grain, start, provider, model.
type Place = (Uuid, i32, i64, String, String);

/// Adds what was counted per minute to the roll-ups of all grains, for its key, for all keys and for everything.
pub(in crate::store::log) async fn add(
    database: &Database,
    transaction: &DatabaseTransaction,
    minutes: &BTreeMap<Minute, Sums>,
) -> Result<(), StoreError> {
    let places = places(minutes);
    if places.is_empty() {
        return Ok(());
    }
    database.lock(transaction, Lock::Rollups).await?;
    if database.is_postgres() {
        // The rest of the transaction looks rows up by their key. A planner that has not seen the table grow reads all of it instead.
        transaction.execute_unprepared("SET LOCAL enable_seqscan = off").await?;
    }
    let places: Vec<(Place, Sums)> = places.into_iter().collect();
    for chunk in places.chunks(ROWS) {
        let mut known = read(database, transaction, chunk).await?;
        let rows: Vec<Model> = chunk.iter().map(|(place, sums)| row(place, sums, known.remove(place).as_ref())).collect();
        write(database, transaction, rows).await?;
    }
    Ok(())
}

fn places(minutes: &BTreeMap<Minute, Sums>) -> BTreeMap<Place, Sums> {
    let mut places: BTreeMap<Place, Sums> = BTreeMap::new();
    for ((key_id, start_us, provider, model), sums) in minutes {
        for grain in Grain::ALL {
            let mut count = |key_id, provider: &str, model: &str| {
                let place = (key_id, grain.number(), grain.start(*start_us), provider.to_owned(), model.to_owned());
                places.entry(place).or_default().merge(sums);
            };
            count(*key_id, provider, model);
            count(ALL_KEYS, provider, model);
            count(EVERYTHING, "", "");
        }
    }
    places
}

/// The row of a place, with what it held before.
fn row((key_id, grain, start_us, provider, model): &Place, sums: &Sums, known: Option<&Model>) -> Model {
    let mut total = known.map(Sums::from).unwrap_or_default();
    total.merge(sums);
    let mut row = Model {
        key_id: *key_id,
        grain: *grain,
        start_us: *start_us,
        provider: provider.clone(),
        model: model.clone(),
        ..blank()
    };
    total.put(&mut row);
    row
}

/// What the places hold already.
async fn read(
    database: &Database,
    transaction: &DatabaseTransaction,
    places: &[(Place, Sums)],
) -> Result<HashMap<Place, Model>, DbErr> {
    let statement = if database.is_postgres() {
        let rows: Vec<Model> = places.iter().map(|(place, sums)| row(place, sums, None)).collect();
        Statement::from_sql_and_values(DbBackend::Postgres, READ.as_str(), spread::arrays(&COLUMNS[..KEYS], &rows))
    } else {
        let values = places.iter().flat_map(|((key_id, grain, start_us, provider, model), _)| -> [Value; KEYS] {
            [(*key_id).into(), (*grain).into(), (*start_us).into(), provider.as_str().into(), model.as_str().into()]
        });
        let wanted = vec!["(?, ?, ?, ?, ?)"; places.len()].join(", ");
        let names = spread::names(&COLUMNS[..KEYS]);
        // The cross join keeps the order: look each wanted row up.
        let select = format!(
            "WITH wanted ({names}) AS (VALUES {wanted}) SELECT rollup.* FROM wanted CROSS JOIN rollup \
             ON rollup.key_id = wanted.key_id AND rollup.grain = wanted.grain AND rollup.start_us = wanted.start_us \
             AND rollup.provider = wanted.provider AND rollup.model = wanted.model"
        );
        Statement::from_sql_and_values(DbBackend::Sqlite, select, values)
    };
    let rows = Entity::find().from_raw_sql(statement).all(transaction).await?;
    Ok(rows.into_iter().map(|row| (place(&row), row)).collect())
}

fn place(row: &Model) -> Place {
    (row.key_id, row.grain, row.start_us, row.provider.clone(), row.model.clone())
}

/// Puts the rows in place of what is there.
async fn write(database: &Database, transaction: &DatabaseTransaction, rows: Vec<Model>) -> Result<(), DbErr> {
    if database.is_postgres() {
        let arrays = spread::arrays(&COLUMNS, &rows);
        transaction.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, WRITE.as_str(), arrays)).await?;
    } else {
        let keys = PrimaryKey::iter().map(|key| key.into_column());
        let replace = OnConflict::columns(keys).update_columns(Column::iter().skip(KEYS)).to_owned();
        let rows = rows.into_iter().map(Model::into_active_model);
        Entity::insert_many(rows).on_conflict(replace).exec_without_returning(transaction).await?;
    }
    Ok(())
}

/// Each wanted row is looked up by itself.
static READ: LazyLock<String> = LazyLock::new(|| {
    let names = spread::names(&COLUMNS[..KEYS]);
    format!(
        "SELECT found.* FROM UNNEST({}) AS wanted ({names}) CROSS JOIN LATERAL (SELECT * FROM rollup \
         WHERE rollup.key_id = wanted.key_id AND rollup.grain = wanted.grain AND rollup.start_us = wanted.start_us \
         AND rollup.provider = wanted.provider AND rollup.model = wanted.model LIMIT 1) AS found",
        spread::parameters(&COLUMNS[..KEYS])
    )
});

static WRITE: LazyLock<String> = LazyLock::new(|| {
    let (names, keys) = (spread::names(&COLUMNS), spread::names(&COLUMNS[..KEYS]));
    let replaced: Vec<String> =
        spread::names(&COLUMNS[KEYS..]).split(", ").map(|name| format!("{name} = excluded.{name}")).collect();
    format!(
        "INSERT INTO rollup ({names}) SELECT {names} FROM UNNEST({}) AS counted ({names}) \
         ON CONFLICT ({keys}) DO UPDATE SET {}",
        spread::parameters(&COLUMNS),
        replaced.join(", ")
    )
});

/// How many of the columns are the key.
const KEYS: usize = 5;

static COLUMNS: [Spread<Model>; 27] = [
    Spread::uuid("key_id", |row| row.key_id.into()),
    Spread::small("grain", |row| row.grain.into()),
    Spread::number("start_us", |row| row.start_us.into()),
    Spread::text("provider", |row| row.provider.as_str().into()),
    Spread::text("model", |row| row.model.as_str().into()),
    Spread::number("requests", |row| row.requests.into()),
    Spread::number("failures", |row| row.failures.into()),
    Spread::number("input", |row| row.input.into()),
    Spread::number("cache_read", |row| row.cache_read.into()),
    Spread::number("cache_write", |row| row.cache_write.into()),
    Spread::number("cache_write_1h", |row| row.cache_write_1h.into()),
    Spread::number("output", |row| row.output.into()),
    Spread::number("reasoning", |row| row.reasoning.into()),
    Spread::number("audio_input", |row| row.audio_input.into()),
    Spread::number("audio_output", |row| row.audio_output.into()),
    Spread::number("cost_nanos", |row| row.cost_nanos.into()),
    Spread::number("unpriced", |row| row.unpriced.into()),
    Spread::number("failed_prompt", |row| row.failed_prompt.into()),
    Spread::number("failed_output", |row| row.failed_output.into()),
    Spread::number("failed_cost_nanos", |row| row.failed_cost_nanos.into()),
    Spread::number("failed_unpriced", |row| row.failed_unpriced.into()),
    Spread::number("duration_sum_us", |row| row.duration_sum_us.into()),
    Spread::number("duration_max_us", |row| row.duration_max_us.into()),
    Spread::number("first_content_sum_us", |row| row.first_content_sum_us.into()),
    Spread::number("first_content_max_us", |row| row.first_content_max_us.into()),
    Spread::text("durations", |row| row.durations.as_str().into()),
    Spread::text("first_contents", |row| row.first_contents.as_str().into()),
];

fn blank() -> Model {
    Model {
        key_id: Uuid::nil(),
        grain: 0,
        start_us: 0,
        provider: String::new(),
        model: String::new(),
        requests: 0,
        failures: 0,
        input: 0,
        cache_read: 0,
        cache_write: 0,
        cache_write_1h: 0,
        output: 0,
        reasoning: 0,
        audio_input: 0,
        audio_output: 0,
        cost_nanos: 0,
        unpriced: 0,
        failed_prompt: 0,
        failed_output: 0,
        failed_cost_nanos: 0,
        failed_unpriced: 0,
        duration_sum_us: 0,
        duration_max_us: 0,
        first_content_sum_us: 0,
        first_content_max_us: 0,
        durations: String::new(),
        first_contents: String::new(),
    }
}
