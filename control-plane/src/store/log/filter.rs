//! Which rows of the request log are meant.

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, LikeExpr, SimpleExpr};
use sea_orm::{ColumnTrait as _, Condition};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::entity::request_log::Column;
use crate::store::column::micros;

/// Which rows are meant; absent members do not filter.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// Arrived at or after.
    pub since: Option<OffsetDateTime>,
    /// Arrived before.
    pub until: Option<OffsetDateTime>,
    /// The model, as the client spelt it or as it went to the provider.
    pub model: Option<String>,
    /// The provider.
    pub provider: Option<String>,
    /// The caller's key.
    pub key: Option<KeyFilter>,
    /// How the request ended.
    pub status: Option<StatusFilter>,
    /// Whether a stream was asked for.
    pub stream: Option<bool>,
    /// A record's id or request id, or a part of a request id or of an error's message.
    pub text: Option<String>,
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
    /// The filter as a condition on rows.
    pub(super) fn condition(&self) -> Condition {
        let model = |model: &String| Column::Model.eq(model).or(Column::RequestedModel.eq(model));
        Condition::all()
            .add_option(self.since.map(|since| Column::StartedUs.gte(micros(since))))
            .add_option(self.until.map(|until| Column::StartedUs.lt(micros(until))))
            .add_option(self.model.as_ref().map(model))
            .add_option(self.provider.as_ref().map(|provider| Column::Provider.eq(provider)))
            .add_option(self.key.map(KeyFilter::condition))
            .add_option(self.status.map(StatusFilter::condition))
            .add_option(self.stream.map(|stream| Column::Stream.eq(stream)))
            .add_option(self.text.as_deref().map(containing))
    }
}

impl KeyFilter {
    fn condition(self) -> SimpleExpr {
        match self {
            Self::None => Column::KeyId.is_null(),
            Self::Id(id) => Column::KeyId.eq(id),
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
}

/// Rows with this id or request id, which an index finds; anything else is looked for in the texts.
fn containing(text: &str) -> Condition {
    let text = text.trim().to_lowercase();
    let exact = Condition::any().add(Column::RequestId.eq(text.as_str()));
    if let Ok(id) = Uuid::parse_str(&text) {
        return exact.add(Column::Id.eq(id));
    }
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let inside = |column: Column| Func::lower(Expr::col(column)).like(LikeExpr::new(format!("%{escaped}%")).escape('\\'));
    exact.add(inside(Column::RequestId)).add(inside(Column::ErrorMessage))
}
