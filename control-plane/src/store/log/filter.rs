//! Which rows of the request log are meant: as a condition on rows of the database, and as a question about one row.

use sea_orm::sea_query::{ExprTrait as _, SimpleExpr};
use sea_orm::{ColumnTrait as _, Condition, DbBackend};
use time::OffsetDateTime;
use uuid::Uuid;

use super::LogRow;
use super::beginning::Beginning;
use crate::entity::request_log::Column;
use crate::store::column::micros;

/// Which rows are meant; absent members do not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// Arrived at or after.
    pub since: Option<OffsetDateTime>,
    /// Arrived before.
    pub until: Option<OffsetDateTime>,
    /// The model, as the client spelt it or as it went to the provider.
    pub model: Option<String>,
    /// The provider.
    pub provider: Option<String>,
    /// The target.
    pub target: Option<String>,
    /// The caller's key.
    pub key: Option<KeyFilter>,
    /// How the request ended.
    pub status: Option<StatusFilter>,
    /// Whether a stream was asked for.
    pub stream: Option<bool>,
    /// A record's id, request id or key's id, or the beginning of one.
    pub text: Option<Beginning>,
}

/// Whose requests are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFilter {
    /// Requests without a key.
    None,
    /// Requests with this key, also after it was deleted.
    Id(Uuid),
}

/// How the requests that are meant ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusFilter {
    /// Without an error.
    Succeeded,
    /// With an error, whatever the status said (a stream may fail after its 200).
    Failed,
    /// With a status of this hundred, 1 to 5.
    Class(u16),
    /// With exactly this status.
    Exactly(u16),
}

impl LogFilter {
    /// The filter as a condition on rows of such a database.
    pub(super) fn condition(&self, database: DbBackend) -> Condition {
        let model = |model: &String| Column::Model.eq(model).or(Column::RequestedModel.eq(model));
        Condition::all()
            .add_option(self.since.map(|since| Column::StartedUs.gte(micros(since))))
            .add_option(self.until.map(|until| Column::StartedUs.lt(micros(until))))
            .add_option(self.model.as_ref().map(model))
            .add_option(self.provider.as_ref().map(|provider| Column::Provider.eq(provider)))
            .add_option(self.target.as_ref().map(|target| Column::Target.eq(target)))
            .add_option(self.key.map(KeyFilter::condition))
            .add_option(self.status.map(StatusFilter::condition))
            .add_option(self.stream.map(|stream| Column::Stream.eq(stream)))
            .add_option(self.text.as_ref().map(|text| text.condition(database)))
    }

    /// Whether the row is one of those that are meant.
    #[must_use]
    pub fn admits(&self, LogRow { record, .. }: &LogRow) -> bool {
        let named = |wanted: &Option<String>, name: &str| wanted.as_ref().is_none_or(|wanted| wanted == name);
        self.since.is_none_or(|since| record.started_at >= since)
            && self.until.is_none_or(|until| record.started_at < until)
            && (named(&self.model, &record.model) || named(&self.model, &record.requested_model))
            && named(&self.provider, &record.provider)
            && named(&self.target, &record.target)
            && self.key.is_none_or(|key| key.admits(record.key_id))
            && self.status.is_none_or(|status| status.admits(record.status, record.error.is_some()))
            && self.stream.is_none_or(|stream| stream == record.stream)
            && self.text.as_ref().is_none_or(|text| text.admits(record))
    }
}

impl KeyFilter {
    pub(super) fn condition(self) -> SimpleExpr {
        match self {
            Self::None => Column::KeyId.is_null(),
            Self::Id(id) => Column::KeyId.eq(id),
        }
    }

    fn admits(self, key_id: Option<Uuid>) -> bool {
        match self {
            Self::None => key_id.is_none(),
            Self::Id(id) => key_id == Some(id),
        }
    }
}

impl StatusFilter {
    pub(super) fn condition(self) -> SimpleExpr {
        match self {
            Self::Succeeded => Column::ErrorClass.is_null(),
            Self::Failed => Column::ErrorClass.is_not_null(),
            Self::Class(hundred) => Column::Status.between(i32::from(hundred) * 100, i32::from(hundred) * 100 + 99),
            Self::Exactly(status) => Column::Status.eq(i32::from(status)),
        }
    }

    fn admits(self, status: u16, failed: bool) -> bool {
        match self {
            Self::Succeeded => !failed,
            Self::Failed => failed,
            Self::Class(hundred) => status / 100 == hundred,
            Self::Exactly(exactly) => status == exactly,
        }
    }
}
