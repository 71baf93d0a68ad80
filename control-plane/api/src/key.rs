//! API keys.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everything.
    Admin,
    /// Look at everything but secrets; list models.
    ReadOnly,
    /// Use models.
    Inference,
}

impl Scope {
    /// Every scope there is.
    pub const ALL: [Self; 3] = [Self::Admin, Self::ReadOnly, Self::Inference];

    /// The scope's name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::ReadOnly => "read_only",
            Self::Inference => "inference",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no scope's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown scope `{0}`: the scopes are `admin`, `read_only` and `inference`")]
pub struct UnknownScope(pub String);

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name).ok_or_else(|| UnknownScope(name.to_owned()))
    }
}

/// Under this id all requests of the playground are kept and counted. Its keys live for minutes, and nobody knows their ids.
pub const PLAYGROUND: &str = "66657272-6f67-8777-8000-000000000000";

/// An API key. `key` is the secret in the answers of create and rotate, and a masked form everywhere else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = APIKey)]
pub struct Key {
    /// Stays through rotations.
    pub id: String,
    /// The secret, shown once, or its masked form.
    pub key: String,
    /// For people.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was revoked.
    #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<OffsetDateTime>,
    /// From when on it is refused.
    #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<OffsetDateTime>,
    /// When its secret was replaced last.
    #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub rotated_at: Option<OffsetDateTime>,
    /// When it was used last on the inference surface.
    #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<OffsetDateTime>,
    /// How many requests were made with it; `null`: unknown, because the request log is away or disabled.
    pub usage_count: Option<u64>,
    /// What these requests cost, as far as it is known; `null` as `usage_count`.
    #[serde(default)]
    pub cost_usd: Option<f64>,
    /// Not revoked. An expired key is still active.
    pub active: bool,
}

/// A key to be made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// For people; required.
    #[serde(default)]
    pub name: String,
    /// Names of [`Scope`]s; empty: `read_only`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// From when on it is refused; absent: never.
    #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<OffsetDateTime>,
}

/// Changes to a key. What is absent or empty stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyChange {
    /// The new name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Names of the new [`Scope`]s.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// The new expiry, RFC 3339. Not looked at when `clear_expiration` is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// Takes the expiry away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clear_expiration: bool,
}

/// The answer to a revocation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Revoked {
    /// `revoked`.
    pub status: String,
}

/// Keys by how much they are used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct KeyUsage {
    /// One page of keys.
    pub data: Vec<Key>,
    /// Totals over all that match, not only this page.
    pub summary: KeyUsageSummary,
    /// The filters as they were understood.
    pub filters: KeyUsageFilters,
}

/// Totals over all keys that match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeyUsageSummary {
    /// Keys that match.
    pub total_keys: u64,
    /// Of these, not revoked.
    pub active_keys: u64,
    /// Requests made with them.
    pub total_usage: u64,
    /// Keys on this page.
    pub returned_keys: u64,
}

/// The filters of a usage listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeyUsageFilters {
    /// Longest page.
    pub limit: u64,
    /// Keys left out before it.
    pub offset: u64,
    /// `usage` or `last_used`.
    pub sort: String,
    /// `true`, `false` or empty.
    pub active: String,
    /// Earliest last use, as it was sent.
    pub since: String,
}
