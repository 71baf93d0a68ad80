//! Throwing rows of the request log away.

use sea_orm::sea_query::{Expr, LockBehavior, LockType, Query};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, ExprTrait as _, QueryFilter as _};
use serde_json::json;
use time::OffsetDateTime;

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
    /// Deletes rows and says how many; what keys used and what was spent stays known. It goes step by step: after a fault the
    /// rows of the steps before are gone, and the audit trail says how many.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn purge_logs(&self, purge: &Purge, actor: &Actor) -> Result<u64, StoreError> {
        self.database(Area::Logs)?;
        let mut deleted = 0;
        loop {
            match self.purge_step(purge, deleted, actor).await {
                Ok((step, more)) => {
                    deleted += step;
                    if !more {
                        return Ok(deleted);
                    }
                }
                Err(error) => {
                    let deed = Deed { outcome: Outcome::Error, ..purge.deed(deleted) };
                    if let Err(unwritten) = self.note(Area::Logs, &deed, actor).await {
                        tracing::warn!(deleted, error = %unwritten, "an unfinished purge of the request log is not in the audit trail");
                    }
                    return Err(error);
                }
            }
        }
    }

    /// Deletes the next rows; the last step writes the whole purge down.
    async fn purge_step(&self, purge: &Purge, deleted: u64, actor: &Actor) -> Result<(u64, bool), StoreError> {
        let transaction = self.database(Area::Logs)?.begin().await?;
        // Two purges at once take different rows, so fewer than asked for means that there are no more.
        let ids = Query::select()
            .column(Column::Id)
            .from(Entity)
            .cond_where(purge.condition())
            .order_by(Column::StartedUs, sea_orm::Order::Asc)
            .limit(ROWS)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .to_owned();
        let step = Entity::delete_many().filter(Expr::col(Column::Id).in_subquery(ids)).exec(&transaction).await?.rows_affected;
        let more = step == ROWS;
        if !more {
            audit::append(&transaction, &purge.deed(deleted + step), actor).await?;
        }
        transaction.commit().await?;
        Ok((step, more))
    }
}

impl Purge {
    fn condition(&self) -> Condition {
        Condition::all()
            .add(Column::StartedUs.lt(micros(self.before)))
            .add_option(self.model.as_ref().map(|model| Column::Model.eq(model).or(Column::RequestedModel.eq(model))))
            .add_option(self.provider.as_ref().map(|provider| Column::Provider.eq(provider)))
            .add_option(self.status.map(StatusFilter::condition))
    }

    fn deed(&self, deleted: u64) -> Deed<'static> {
        let mut detail = json!({ "deleted": deleted, "before": self.before.to_string() });
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
