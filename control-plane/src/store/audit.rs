//! The audit trail: who did what, written in the transaction of the change itself, read and appended to but never changed, save
//! for the entry of what takes more than one transaction: it keeps up with what has been done.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::column::{instant, micros, now, text};
use super::redact::redact;
use super::{Actor, Area, Page, Store, StoreError};
use crate::entity::audit;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its id.
    pub id: Uuid,
    /// When it happened.
    pub at: OffsetDateTime,
    /// What was done, e.g. `key.create`.
    pub action: String,
    /// Who did it, as [`Actor::display`] wrote it then.
    pub actor: String,
    /// The actor's credential id.
    pub actor_id: Option<String>,
    /// What it was done to; `*`: no single thing.
    pub target: String,
    /// How it ended.
    pub outcome: Outcome,
    /// A JSON object with particulars, redacted.
    pub detail: Option<String>,
    /// The address that the call came from.
    pub source_ip: Option<String>,
    /// The call's `X-Request-ID`.
    pub request_id: Option<String>,
}

/// How an audited action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Ok,
    /// It was refused.
    Denied,
    /// It failed.
    Error,
}

impl Outcome {
    /// The outcome's name in the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Denied => "denied",
            Self::Error => "error",
        }
    }

    /// The outcome of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Ok, Self::Denied, Self::Error].into_iter().find(|outcome| outcome.name() == name)
    }
}

/// What is to be written down of an action that changed nothing in the store (a denial, a failure). Changes write theirs
/// themselves.
#[derive(Debug, Clone)]
pub struct Deed<'a> {
    /// What was done, e.g. `config.rollback`.
    pub action: &'a str,
    /// What it was done to; `*`: no single thing.
    pub target: &'a str,
    /// How it ended.
    pub outcome: Outcome,
    /// Particulars; an object.
    pub detail: serde_json::Value,
}

/// Which entries are wanted; absent members do not filter.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// The action.
    pub action: Option<String>,
    /// The actor's credential id.
    pub actor_id: Option<String>,
    /// What it was done to.
    pub target: Option<String>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Not before.
    pub since: Option<OffsetDateTime>,
    /// Before.
    pub until: Option<OffsetDateTime>,
    /// Which part of the matching entries.
    pub page: Page,
    /// Only what is older than this place; it does not count for [`AuditTrail::total`].
    pub after: Option<AuditCursor>,
}

/// A place in the trail, between an entry and the next older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditCursor {
    /// When that entry was written.
    pub at: OffsetDateTime,
    /// That entry's id.
    pub id: Uuid,
}

/// A part of the audit trail.
#[derive(Debug, Clone)]
pub struct AuditTrail {
    /// Newest first.
    pub entries: Vec<AuditEntry>,
    /// How many match in all.
    pub total: u64,
    /// Where the next part begins; `None`: this was the last one.
    pub next: Option<AuditCursor>,
}

impl Store {
    /// Writes an action down that changed nothing, beside what it concerns.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn note(&self, area: Area, deed: &Deed<'_>, actor: &Actor) -> Result<(), StoreError> {
        let transaction = self.database(area)?.begin().await?;
        append(&transaction, deed, actor).await?;
        Ok(transaction.commit().await?)
    }

    /// The matching entries of all areas.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn audit(&self, filter: &AuditFilter) -> Result<AuditTrail, StoreError> {
        let mut entries = Vec::new();
        let mut total = 0;
        // One entry more than asked for tells whether there is a next part.
        let end = filter.page.offset.saturating_add(filter.page.bounded()).saturating_add(1).min(i64::MAX.unsigned_abs());
        for (database, _) in &self.open.databases {
            let matching = audit::Entity::find().filter(condition(filter));
            total += matching.clone().count(&database.unhurried).await?;
            let older = matching.filter(Condition::all().add_option(filter.after.map(AuditCursor::older)));
            let newest = older.order_by_desc(audit::Column::AtUs).order_by_desc(audit::Column::Id).limit(end);
            entries.extend(newest.all(&database.unhurried).await?);
        }
        entries.sort_unstable_by_key(|row| std::cmp::Reverse((row.at_us, row.id)));
        let skipped = usize::try_from(filter.page.offset).unwrap_or(usize::MAX);
        let taken = usize::try_from(filter.page.bounded()).unwrap_or(usize::MAX);
        let more = entries.len() > skipped.saturating_add(taken);
        let entries: Vec<AuditEntry> = entries.into_iter().skip(skipped).take(taken).map(AuditEntry::from).collect();
        let next = entries.last().filter(|_| more).map(|entry| AuditCursor { at: entry.at, id: entry.id });
        Ok(AuditTrail { entries, total, next })
    }
}

impl AuditCursor {
    fn older(self) -> Condition {
        let at = micros(self.at);
        let same_instant = Condition::all().add(audit::Column::AtUs.eq(at)).add(audit::Column::Id.lt(self.id));
        Condition::any().add(audit::Column::AtUs.lt(at)).add(same_instant)
    }
}

/// Writes an entry down within the transaction of what it is about.
pub(super) async fn append(transaction: &DatabaseTransaction, deed: &Deed<'_>, actor: &Actor) -> Result<(), StoreError> {
    open(transaction, Uuid::now_v7(), deed, actor).await
}

/// As [`append`], under an id by which the entry can be brought up to date.
pub(super) async fn open(transaction: &DatabaseTransaction, id: Uuid, deed: &Deed<'_>, actor: &Actor) -> Result<(), StoreError> {
    let row = audit::Model {
        id,
        at_us: micros(now()),
        action: deed.action.to_owned(),
        actor: text(&actor.display()),
        actor_id: (!actor.id.is_empty()).then(|| text(&actor.id)),
        target: text(deed.target),
        outcome: deed.outcome.name().to_owned(),
        detail: written(deed),
        source_ip: actor.source_ip.as_deref().map(text),
        request_id: actor.request_id.as_deref().map(text),
    };
    audit::Entity::insert(row.into_active_model()).exec_without_returning(transaction).await?;
    Ok(())
}

/// Brings the particulars of an entry up to date, within the transaction of what else was done.
pub(super) async fn amend(transaction: &DatabaseTransaction, id: Uuid, deed: &Deed<'_>) -> Result<(), StoreError> {
    let entry = audit::Entity::update_many().filter(audit::Column::Id.eq(id));
    entry.col_expr(audit::Column::Detail, Expr::value(written(deed))).exec(transaction).await?;
    Ok(())
}

/// Says of an entry that what it is about ended in a failure. The particulars stay: they tell how far it came. `false`: there is no
/// such entry.
pub(super) async fn fail(transaction: &DatabaseTransaction, id: Uuid) -> Result<bool, StoreError> {
    let entry = audit::Entity::update_many().filter(audit::Column::Id.eq(id));
    let failed = entry.col_expr(audit::Column::Outcome, Expr::value(Outcome::Error.name())).exec(transaction).await?;
    Ok(failed.rows_affected > 0)
}

fn written(deed: &Deed<'_>) -> Option<String> {
    (!deed.detail.is_null()).then(|| redact(&text(&deed.detail.to_string())).into_owned())
}

fn condition(filter: &AuditFilter) -> Condition {
    Condition::all()
        .add_option(filter.action.as_ref().map(|action| audit::Column::Action.eq(action)))
        .add_option(filter.actor_id.as_ref().map(|id| audit::Column::ActorId.eq(id)))
        .add_option(filter.target.as_ref().map(|target| audit::Column::Target.eq(target)))
        .add_option(filter.outcome.map(|outcome| audit::Column::Outcome.eq(outcome.name())))
        .add_option(filter.since.map(|since| audit::Column::AtUs.gte(micros(since))))
        .add_option(filter.until.map(|until| audit::Column::AtUs.lt(micros(until))))
}

impl From<audit::Model> for AuditEntry {
    fn from(row: audit::Model) -> Self {
        Self {
            id: row.id,
            at: instant(row.at_us),
            action: row.action,
            actor: row.actor,
            actor_id: row.actor_id,
            target: row.target,
            outcome: Outcome::named(&row.outcome).unwrap_or(Outcome::Error),
            detail: row.detail,
            source_ip: row.source_ip,
            request_id: row.request_id,
        }
    }
}
