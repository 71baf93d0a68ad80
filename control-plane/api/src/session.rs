//! Sessions: a short-lived token in the place of a key, for browsers.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::key::Scope;

/// How to open a session. The key goes into the `Authorization` header.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Keep the token in a cookie that scripts cannot read, and leave it out of the answer.
    #[serde(default)]
    pub cookie: bool,
}

/// A session that was opened.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedIn {
    /// What to send as `Authorization: Bearer` from now on; absent: it is in a cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// What the key is called.
    pub subject: String,
    /// What may be done with it now.
    pub scopes: Vec<Scope>,
    /// When it ends at the latest.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

/// A token is not for logs.
impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn").field("subject", &self.subject).field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// Who makes a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Caller {
    /// The session; absent: the call is made with a key itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The key, or what opened the session.
    pub credential_id: String,
    /// What that is called.
    pub subject: String,
    /// What may be done with it now.
    pub scopes: Vec<Scope>,
    /// When the session ends at the latest.
    #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<OffsetDateTime>,
}

/// The sessions that are open, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sessions {
    /// The sessions.
    pub data: Vec<Session>,
}

/// A session that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Its id; not its token.
    pub id: String,
    /// What the key that opened it was called then.
    pub subject: String,
    /// That key.
    pub credential_id: String,
    /// When it was opened.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last used, to the minute; absent: not since its first minute.
    #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<OffsetDateTime>,
    /// When it ends at the latest.
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
    /// From where it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ip: Option<String>,
    /// What the browser that opened it calls itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// Whether it is the caller's own.
    pub current: bool,
}

/// How many sessions were ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ended {
    /// The sessions that were open.
    pub revoked: u64,
}
