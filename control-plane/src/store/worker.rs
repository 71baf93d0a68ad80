//! The workers that have been seen.

use sea_orm::sea_query::OnConflict;
use sea_orm::{DbErr, EntityTrait as _, IntoActiveModel as _, Iterable as _, QueryOrder as _};
use time::OffsetDateTime;
use uuid::Uuid;

use super::column::{instant, micros, signed, text, unsigned};
use super::{Area, Store, StoreError};
use crate::entity::worker;

/// A worker as it was last seen.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkerRow {
    /// The id that it keeps in its data directory.
    pub id: Uuid,
    /// Its host's name.
    pub name: String,
    /// Its build.
    pub build: String,
    /// When it last said something.
    pub last_seen_at: OffsetDateTime,
    /// The generation that it runs; 0: none.
    pub generation: u64,
    /// The revision of its key table; 0: none.
    pub key_revision: u64,
    /// Why it refused the last update that it refused, as JSON; null: it refused none, or took one of that kind since.
    pub issues: serde_json::Value,
    /// Its last report, as JSON.
    pub report: serde_json::Value,
}

impl Store {
    /// Writes down how a worker is.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn touch_worker(&self, worker: &WorkerRow) -> Result<(), StoreError> {
        let changing = worker::Column::iter().filter(|column| !matches!(column, worker::Column::Id));
        let replace = OnConflict::column(worker::Column::Id).update_columns(changing).to_owned();
        let transaction = self.database(Area::Config)?.begin().await?;
        worker::Entity::insert(row(worker).into_active_model()).on_conflict(replace).exec_without_returning(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// All workers that have ever been seen, those seen last first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn workers(&self) -> Result<Vec<WorkerRow>, StoreError> {
        let rows = worker::Entity::find()
            .order_by_desc(worker::Column::LastSeenUs)
            .order_by_asc(worker::Column::Id)
            .all(&self.database(Area::Config)?.reader)
            .await?;
        rows.into_iter().map(from_row).collect()
    }
}

fn row(worker: &WorkerRow) -> worker::Model {
    worker::Model {
        id: worker.id,
        name: text(&worker.name),
        build: text(&worker.build),
        last_seen_us: micros(worker.last_seen_at),
        generation: signed(worker.generation),
        key_revision: signed(worker.key_revision),
        issues: worker.issues.to_string(),
        report: worker.report.to_string(),
    }
}

fn from_row(row: worker::Model) -> Result<WorkerRow, StoreError> {
    let json = |text: &str| serde_json::from_str(text).map_err(|error| DbErr::Json(error.to_string()));
    Ok(WorkerRow {
        id: row.id,
        issues: json(&row.issues)?,
        report: json(&row.report)?,
        name: row.name,
        build: row.build,
        last_seen_at: instant(row.last_seen_us),
        generation: unsigned(row.generation),
        key_revision: unsigned(row.key_revision),
    })
}
