//! Forgetting by the clock: requests that were kept long enough, and minutes that nobody asks for any more. It is a setting's work and
//! nobody's deed, so the audit trail does not have it. Either goes in small steps, between which others write.

use std::time::Duration;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use time::OffsetDateTime;

use super::figures::MINUTES_KEPT;
use super::purge::delete_oldest;
use crate::entity::{request_log, rollup};
use crate::store::column::{micros, now};
use crate::store::database::Lock;
use crate::store::{Area, Store, StoreError};

/// How much longer minutes stay than they are asked for: control planes' clocks may differ.
const MARGIN: Duration = Duration::from_secs(24 * 3600);

/// Rows by minute, as the index of the oldest of them has it: with a parameter, that would depend on how a plan is made.
const MINUTES: &str = "grain = 0";

impl Store {
    /// Deletes some of the requests that began before, oldest first, and says how many: none when there are no more. What was used and
    /// spent stays known.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn expire_requests(&self, before: OffsetDateTime) -> Result<u64, StoreError> {
        let transaction = self.database(Area::Logs)?.begin().await?;
        let older = Condition::all().add(request_log::Column::StartedUs.lt(micros(before)));
        let deleted = delete_oldest(&transaction, older).await?;
        transaction.commit().await?;
        Ok(deleted)
    }

    /// Deletes the roll-ups of the oldest minute, if it is older than minutes are kept, and says how many these were. Hours and days
    /// stay.
    ///
    /// # Errors
    ///
    /// [`StoreError::Disabled`] without a request log.
    pub async fn expire_minute(&self) -> Result<u64, StoreError> {
        let database = self.database(Area::Logs)?;
        let oldest = rollup::Entity::find()
            .filter(Expr::cust(MINUTES))
            .select_only()
            .column_as(rollup::Column::StartUs.min(), "oldest")
            .into_tuple::<Option<i64>>()
            .one(&database.reader)
            .await?;
        let kept = micros(now() - MINUTES_KEPT - MARGIN);
        let Some(oldest) = oldest.flatten().filter(|oldest| *oldest < kept) else { return Ok(0) };
        let minute = Condition::all().add(Expr::cust(MINUTES)).add(rollup::Column::StartUs.eq(oldest));
        // Alone, since a late delivery locks the same rows in another order.
        let transaction = database.begin_locked(Lock::Rollups).await?;
        let deleted = rollup::Entity::delete_many().filter(minute).exec(&transaction).await?.rows_affected;
        transaction.commit().await?;
        Ok(deleted)
    }
}
