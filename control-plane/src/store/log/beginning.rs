//! What people paste to find a request: an id, or the beginning of one.

use sea_orm::sea_query::{ExprTrait as _, LikeExpr, SimpleExpr};
use sea_orm::{ColumnTrait as _, Condition, DbBackend};
use uuid::Uuid;

use super::LogRecord;
use crate::entity::request_log::Column;

/// The beginning of a record's id, of a request id or of a key's id; letters count alike in both cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    text: String,
    /// The first and the last id that begin so, if any does.
    ids: Option<(Uuid, Uuid)>,
}

impl Beginning {
    /// Fewest characters: anything shorter is the beginning of too many ids.
    pub const SHORTEST: usize = 4;

    /// Reads it; `None`: too short.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase().replace('\0', "");
        let ids = ids(&text);
        (text.chars().count() >= Self::SHORTEST).then_some(Self { text, ids })
    }

    /// Whether one of the record's ids begins so.
    pub(super) fn admits(&self, record: &LogRecord) -> bool {
        let within = |id: Uuid| self.ids.is_some_and(|(first, last)| (first..=last).contains(&id));
        record.request_id.to_lowercase().starts_with(&self.text) || within(record.id) || record.key_id.is_some_and(within)
    }

    /// The first and the last id that begin so, if any does.
    pub(super) fn ids(&self) -> Option<(Uuid, Uuid)> {
        self.ids
    }

    /// Rows whose request id begins so, put in the way that the database's index understands.
    pub(super) fn request_id(&self, database: DbBackend) -> SimpleExpr {
        if database == DbBackend::Postgres {
            let escaped = self.text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            Column::RequestId.into_expr().like(LikeExpr::new(format!("{escaped}%")))
        } else {
            Column::RequestId.between(self.text.clone(), format!("{}{}", self.text, char::MAX))
        }
    }

    /// The whole as one condition on rows.
    pub(super) fn condition(&self, database: DbBackend) -> Condition {
        let within = |column: Column, (first, last): (Uuid, Uuid)| column.between(first, last);
        Condition::any()
            .add(self.request_id(database))
            .add_option(self.ids.map(|ids| within(Column::Id, ids)))
            .add_option(self.ids.map(|ids| within(Column::KeyId, ids)))
    }
}

/// The span of ids that begin with `text`, hyphens or not.
fn ids(text: &str) -> Option<(Uuid, Uuid)> {
    let digits: String = text.chars().filter(|letter| *letter != '-').collect();
    if digits.is_empty() || digits.len() > 32 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let filled = |with: &str| u128::from_str_radix(&format!("{digits}{}", with.repeat(32 - digits.len())), 16).ok();
    Some((Uuid::from_u128(filled("0")?), Uuid::from_u128(filled("f")?)))
}
