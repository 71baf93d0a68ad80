//! Storing what workers deliver, exactly once.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, IntoActiveModel as _, QuerySelect as _};
use uuid::Uuid;

use super::insert::insert;
use super::tally::Tally;
use super::{LogEntry, LogItem};
use crate::entity::watermark;
use crate::store::column::{micros, now, signed, unsigned};
use crate::store::database::Database;
use crate::store::{Area, Store, StoreError};

/// Rows of one statement: with 33 columns this stays below the 32,766 parameters that SQLite takes.
const ROWS: usize = 500;

impl Store {
    /// Stores what of `items` is new and gives the watermark: the last sequence of (`worker`, `epoch`) that is committed. What is
    /// not above the watermark is skipped, so that a batch may be delivered again, also after its rows were purged.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn record(&self, worker: Uuid, epoch: u64, items: &[LogItem]) -> Result<u64, StoreError> {
        let database = self.database(Area::Logs)?;
        let transaction = database.begin().await?;
        let epoch = epoch.cast_signed();
        let stored = hold_watermark(database, &transaction, worker, epoch).await?;
        let new: Vec<&LogItem> = items.iter().filter(|item| item.sequence > stored).collect();
        let Some(last) = new.iter().map(|item| item.sequence).max() else { return Ok(stored) };

        let mut tally = Tally::default();
        let mut records = Vec::with_capacity(new.len());
        for item in new {
            match &item.entry {
                LogEntry::Record(record) => records.push(&**record),
                LogEntry::Sum(sum) => tally.add_sum(sum),
            }
        }
        for rows in records.chunks(ROWS) {
            for record in insert(database, &transaction, worker, rows).await? {
                tally.add(record);
            }
        }
        tally.write(database, &transaction).await?;
        move_watermark(&transaction, worker, epoch, last).await?;
        transaction.commit().await?;
        Ok(last)
    }

    /// The last committed sequence of (`worker`, `epoch`); 0: none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn watermark(&self, worker: Uuid, epoch: u64) -> Result<u64, StoreError> {
        let key = (worker, epoch.cast_signed());
        let row = watermark::Entity::find_by_id(key).one(&self.database(Area::Logs)?.reader).await?;
        Ok(row.map_or(0, |row| unsigned(row.sequence)))
    }
}

/// Reads the watermark and keeps it from moving until the transaction ends, so that one stream delivered over two connections at
/// once is still stored once. There has to be a row to hold on to.
async fn hold_watermark(database: &Database, transaction: &DatabaseTransaction, worker: Uuid, epoch: i64) -> Result<u64, DbErr> {
    let start = watermark::Model { worker_id: worker, epoch, sequence: 0, at_us: micros(now()) };
    let keep = OnConflict::columns([watermark::Column::WorkerId, watermark::Column::Epoch]).do_nothing().to_owned();
    watermark::Entity::insert_many([start.into_active_model()]).on_conflict(keep).exec_without_returning(transaction).await?;
    let row = watermark::Entity::find_by_id((worker, epoch));
    let row = if database.is_postgres() { row.lock_exclusive() } else { row };
    let row = row.one(transaction).await?;
    Ok(row.map_or(0, |row| unsigned(row.sequence)))
}

async fn move_watermark(transaction: &DatabaseTransaction, worker: Uuid, epoch: i64, sequence: u64) -> Result<(), DbErr> {
    let row = watermark::Model { worker_id: worker, epoch, sequence: signed(sequence), at_us: micros(now()) };
    watermark::Entity::update(row.into_active_model().reset_all()).exec(transaction).await?;
    Ok(())
}
