//! Throwing rows of the request log away.

use sea_orm::sea_query::{Expr, LockBehavior, LockType, Query};
use sea_orm::{ColumnTrait as _, Condition, DatabaseTransaction, DbErr, EntityTrait as _, ExprTrait as _, QueryFilter as _};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::entity::request_log::{Column, Entity};
use crate::store::audit;
use crate::store::column::micros;
use crate::store::{Actor, Area, Deed, Outcome, StatusFilter, Store, StoreError};

/// Rows that are deleted at once: deliveries wait no longer than these take.
const ROWS: u64 = 5_000;

/// Which rows are to go.
#[derive(Debug, Clone)]
pub struct Purge {
    /// Those that arrived strictly before.
    pub before: OffsetDateTime,
    /// Only those of this model.
    pub model: Option<String>,
    /// Only those of this provider.
    pub provider: Option<String>,
    /// Only those that ended so.
    pub status: Option<StatusFilter>,
}

impl Store {
    /// Deletes rows and says how many; what keys used and what was spent stays known. It goes step by step, with one entry in the
    /// audit trail: at any moment, and after any fault, this tells how many rows are gone.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn purge_logs(&self, purge: &Purge, actor: &Actor) -> Result<u64, StoreError> {
        self.database(Area::Logs)?;
        let entry = Uuid::now_v7();
        let mut deleted = 0;
        loop {
            match self.purge_step(purge, entry, deleted, actor).await {
                Ok((step, more)) => {
                    deleted += step;
                    if !more {
                        return Ok(deleted);
                    }
                }
                Err(error) => {
                    if let Err(unwritten) = self.purge_failed(purge, entry, actor).await {
                        tracing::warn!(deleted, error = %unwritten, "that a purge of the request log failed is not in the audit trail");
                    }
                    return Err(error);
                }
            }
        }
    }

    /// Deletes the next rows. The first step writes the entry, each further one brings it up to date.
    async fn purge_step(&self, purge: &Purge, entry: Uuid, deleted: u64, actor: &Actor) -> Result<(u64, bool), StoreError> {
        let transaction = self.database(Area::Logs)?.begin().await?;
        let step = delete_oldest(&transaction, purge.condition()).await?;
        let more = step == ROWS;
        let deed = purge.deed(deleted + step, more);
        match deleted {
            0 => audit::open(&transaction, entry, &deed, actor).await?,
            _ => audit::amend(&transaction, entry, &deed).await?,
        }
        transaction.commit().await?;
        Ok((step, more))
    }

    /// Writes down that a purge ended early. How many rows are gone is in the entry already, where any are.
    async fn purge_failed(&self, purge: &Purge, entry: Uuid, actor: &Actor) -> Result<(), StoreError> {
        let transaction = self.database(Area::Logs)?.begin().await?;
        if !audit::fail(&transaction, entry).await? {
            let deed = Deed { outcome: Outcome::Error, ..purge.deed(0, true) };
            audit::open(&transaction, entry, &deed, actor).await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// Deletes the oldest rows of which this is true, and says how many. Two that do it at once take different rows, so fewer than
/// [`ROWS`] means that there are no more.
pub(super) async fn delete_oldest(transaction: &DatabaseTransaction, condition: Condition) -> Result<u64, DbErr> {
    let ids = Query::select()
        .column(Column::Id)
        .from(Entity)
        .cond_where(condition)
        .order_by(Column::StartedUs, sea_orm::Order::Asc)
        .limit(ROWS)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .to_owned();
    Ok(Entity::delete_many().filter(Expr::col(Column::Id).in_subquery(ids)).exec(transaction).await?.rows_affected)
}

impl Purge {
    fn condition(&self) -> Condition {
        Condition::all()
            .add(Column::StartedUs.lt(micros(self.before)))
            .add_option(self.model.as_ref().map(|model| Column::Model.eq(model).or(Column::RequestedModel.eq(model))))
            .add_option(self.provider.as_ref().map(|provider| Column::Provider.eq(provider)))
            .add_option(self.status.map(StatusFilter::condition))
    }

    fn deed(&self, deleted: u64, unfinished: bool) -> Deed<'static> {
        let mut detail = json!({ "deleted": deleted, "before": self.before.to_string() });
        if unfinished {
            detail["unfinished"] = true.into();
        }
        if let Some(model) = &self.model {
            detail["model"] = model.as_str().into();
        }
        if let Some(provider) = &self.provider {
            detail["provider"] = provider.as_str().into();
        }
        if let Some(status) = self.status {
            detail["status"] = format!("{status:?}").to_lowercase().into();
        }
        Deed { action: "logs.purge", target: "*", outcome: Outcome::Ok, detail }
    }
}
