//! The endpoints.

use ferrogw_config::Syntax;
use http::Method;
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;

use super::Client;
use super::error::Error;
use super::exchange::Exchange;
use super::path::Path;
#[cfg(not(target_arch = "wasm32"))]
use super::stream::{Download, LogTail};
use crate::audit::{AuditPage, AuditQuery};
use crate::config::{ConfigCheck, History, HistoryVersion, RolledBack, Written};
use crate::dashboard::Dashboard;
use crate::health::Health;
use crate::key::{Key, KeyChange, KeyUsage, NewKey, Revoked};
#[cfg(not(target_arch = "wasm32"))]
use crate::log::ExportFormat;
use crate::log::{LogDetail, LogPage, LogQuery, Purged};
use crate::session::{Caller, Ended, Sessions, SignIn, SignedIn};
use crate::stats::{Stats, StatsQuery};
use crate::usage::{Usage, UsageQuery};
use crate::worker::Workers;
use crate::{plugin, provider};

/// The configuration in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Current {
    /// The document; `None`: there is none.
    pub config: Option<Value>,
    /// Its number, for a write that must not run over somebody else's; 0: there has been none.
    pub version: u64,
}

/// What goes with a change of the configuration.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Change {
    /// The version that has to be in force still; `None`: any.
    #[serde(skip)]
    pub if_version: Option<u64>,
    /// Why, in one line of at most [`LONGEST_NOTE`](crate::config::LONGEST_NOTE) characters; empty: nothing is said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Which part of the history.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct HistoryQuery {
    /// Longest page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Newest entries to leave out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Whether each entry holds its document; `None`: yes, and a page with large documents holds fewer entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documents: Option<bool>,
}

/// Which keys, in which order.
#[derive(Debug, Clone, Default, Serialize)]
pub struct KeyUsageQuery {
    /// Longest page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Keys to leave out before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// `usage` or `last_used`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<String>,
    /// Only these that are, or are not, revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Earliest last use.
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub since: Option<OffsetDateTime>,
}

/// Which records to delete.
#[derive(Debug, Clone, Serialize)]
pub struct Purge {
    /// Strictly older than this.
    #[serde(with = "time::serde::rfc3339")]
    pub before: OffsetDateTime,
    /// Only of this stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Only of this model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Only of this provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
}

#[expect(clippy::missing_errors_doc, reason = "every method fails as `Error` says")]
impl Client {
    /// `POST /admin/session`, with a client whose credential is a key. With `cookie` the browser keeps the token, and the next client
    /// needs no credential.
    pub async fn sign_in(&self, cookie: bool) -> Result<SignedIn, Error> {
        self.exchange(Method::POST, Path::of(&["session"])).body(&SignIn { cookie }).json().await
    }

    /// `GET /admin/session`
    pub async fn caller(&self) -> Result<Caller, Error> {
        self.get(Path::of(&["session"])).json().await
    }

    /// `DELETE /admin/session`
    pub async fn sign_out(&self) -> Result<(), Error> {
        self.exchange(Method::DELETE, Path::of(&["session"])).nothing::<Value>().await
    }

    /// `GET /admin/sessions`
    pub async fn sessions(&self) -> Result<Sessions, Error> {
        self.get(Path::of(&["sessions"])).json().await
    }

    /// `DELETE /admin/sessions/{id}`
    pub async fn end_session(&self, id: &str) -> Result<(), Error> {
        self.exchange(Method::DELETE, Path::of(&["sessions"]).id(id)).nothing::<Value>().await
    }

    /// `DELETE /admin/sessions`
    pub async fn end_sessions(&self) -> Result<Ended, Error> {
        self.exchange(Method::DELETE, Path::of(&["sessions"])).json().await
    }

    /// `GET /admin/dashboard`
    pub async fn dashboard(&self) -> Result<Dashboard, Error> {
        self.get(Path::of(&["dashboard"])).json().await
    }

    /// `GET /admin/health`
    pub async fn health(&self) -> Result<Health, Error> {
        self.get(Path::of(&["health"])).json().await
    }

    /// `GET /admin/workers`
    pub async fn workers(&self) -> Result<Workers, Error> {
        self.get(Path::of(&["workers"])).json().await
    }

    /// `GET /admin/providers`
    pub async fn providers(&self) -> Result<Vec<provider::Provider>, Error> {
        self.get(Path::of(&["providers"])).json().await
    }

    /// `GET /admin/providers/catalog`
    pub async fn provider_catalog(&self) -> Result<provider::Catalog, Error> {
        self.get(Path::of(&["providers", "catalog"])).json().await
    }

    /// `GET /admin/plugins`
    pub async fn plugins(&self) -> Result<Vec<plugin::Plugin>, Error> {
        self.get(Path::of(&["plugins"])).json().await
    }

    /// `GET /admin/plugins/catalog`
    pub async fn plugin_catalog(&self) -> Result<plugin::Catalog, Error> {
        self.get(Path::of(&["plugins", "catalog"])).json().await
    }

    /// `GET /admin/keys`
    pub async fn keys(&self) -> Result<Vec<Key>, Error> {
        self.get(Path::of(&["keys"])).json().await
    }

    /// `GET /admin/keys/usage`
    pub async fn key_usage(&self, query: &KeyUsageQuery) -> Result<KeyUsage, Error> {
        self.get(Path::of(&["keys", "usage"])).query(query).json().await
    }

    /// `GET /admin/keys/{id}`
    pub async fn key(&self, id: &str) -> Result<Key, Error> {
        self.get(key(id)).json().await
    }

    /// `POST /admin/keys`; the answer's `key` is the secret, which is shown only here.
    pub async fn create_key(&self, new: &NewKey) -> Result<Key, Error> {
        self.exchange(Method::POST, Path::of(&["keys"])).body(new).json().await
    }

    /// `PUT /admin/keys/{id}`
    pub async fn update_key(&self, id: &str, change: &KeyChange) -> Result<Key, Error> {
        self.exchange(Method::PUT, key(id)).body(change).json().await
    }

    /// `POST /admin/keys/{id}/revoke`
    pub async fn revoke_key(&self, id: &str) -> Result<(), Error> {
        self.exchange(Method::POST, key(id).word("revoke")).nothing::<Revoked>().await
    }

    /// `POST /admin/keys/{id}/rotate`; the answer's `key` is the new secret, which is shown only here.
    pub async fn rotate_key(&self, id: &str) -> Result<Key, Error> {
        self.exchange(Method::POST, key(id).word("rotate")).json().await
    }

    /// `DELETE /admin/keys/{id}`
    pub async fn delete_key(&self, id: &str) -> Result<(), Error> {
        self.exchange(Method::DELETE, key(id)).nothing::<Value>().await
    }

    /// `GET /admin/config`
    pub async fn config(&self) -> Result<Current, Error> {
        let exchange = self.get(Path::of(&["config"]));
        let unversioned = Error::Unexpected {
            method: Method::GET,
            path: exchange.path.to_string(),
            reason: "no ETag, which the admin API always sends with a configuration".to_owned(),
        };
        let (config, version) = match exchange.tagged().await {
            Ok(tagged) => (Some(tagged.value), tagged.version),
            Err(Error::Refused { problem, version, .. }) if problem.code.as_deref() == Some("no_configuration") => {
                (None, version)
            }
            Err(error) => return Err(error),
        };
        Ok(Current { config, version: version.ok_or(unversioned)? })
    }

    /// `GET /admin/config/history`
    pub async fn history(&self, query: &HistoryQuery) -> Result<History, Error> {
        self.get(Path::of(&["config", "history"])).query(query).json().await
    }

    /// `GET /admin/config/history/{version}`
    pub async fn history_version(&self, version: u64) -> Result<HistoryVersion, Error> {
        self.get(Path::of(&["config", "history", &version.to_string()])).json().await
    }

    /// `POST /admin/config/check`: what would be said about a document, which is not stored.
    pub async fn check_config(&self, document: String, syntax: Syntax) -> Result<ConfigCheck, Error> {
        let path = Path::of(&["config", "check"]);
        self.exchange(Method::POST, path).text(content_type(syntax), document).json().await
    }

    /// `GET /admin/config/schema`
    pub async fn config_schema(&self) -> Result<Value, Error> {
        self.get(Path::of(&["config", "schema"])).json().await
    }

    /// `PUT /admin/config`
    pub async fn apply(&self, document: String, syntax: Syntax, change: &Change) -> Result<Written, Error> {
        self.change(Method::PUT, Path::of(&["config"]), change).text(content_type(syntax), document).json().await
    }

    /// `POST /admin/config`
    pub async fn create_config(&self, document: String, syntax: Syntax, change: &Change) -> Result<Written, Error> {
        self.change(Method::POST, Path::of(&["config"]), change).text(content_type(syntax), document).json().await
    }

    /// `DELETE /admin/config`
    pub async fn delete_config(&self, change: &Change) -> Result<Written, Error> {
        self.change(Method::DELETE, Path::of(&["config"]), change).json().await
    }

    /// `POST /admin/config/rollback/{version}`
    pub async fn rollback(&self, version: u64, change: &Change) -> Result<RolledBack, Error> {
        self.change(Method::POST, Path::of(&["config", "rollback", &version.to_string()]), change).json().await
    }

    fn change(&self, method: Method, path: Path, change: &Change) -> Exchange {
        self.exchange(method, path).query(change).only_if(change.if_version)
    }

    /// `GET /admin/logs`
    pub async fn logs(&self, query: &LogQuery) -> Result<LogPage, Error> {
        self.get(Path::of(&["logs"])).query(query).json().await
    }

    /// `GET /admin/logs/{id}`
    pub async fn log(&self, id: &str) -> Result<LogDetail, Error> {
        self.get(Path::of(&["logs"]).id(id)).json().await
    }

    #[cfg(not(target_arch = "wasm32"))]
    /// `GET /admin/logs/export`; `limit` and `offset` of the query count for nothing.
    pub async fn export_logs(&self, query: &LogQuery, format: ExportFormat) -> Result<Download, Error> {
        let exchange = self.lasting(Method::GET, Path::of(&["logs", "export"]));
        Download::open(exchange.query(query).query(&[("format", format)])).await
    }

    #[cfg(not(target_arch = "wasm32"))]
    /// `GET /admin/logs/tail`; `limit`, `offset` and `cursor` of the query count for nothing.
    pub async fn tail_logs(&self, query: &LogQuery) -> Result<LogTail, Error> {
        LogTail::open(self.lasting(Method::GET, Path::of(&["logs", "tail"])).query(query)).await
    }

    /// `GET /admin/usage`
    pub async fn usage(&self, query: &UsageQuery) -> Result<Usage, Error> {
        self.get(Path::of(&["usage"])).query(query).json().await
    }

    /// `GET /admin/logs/stats`
    pub async fn log_stats(&self, query: &StatsQuery) -> Result<Stats, Error> {
        self.get(Path::of(&["logs", "stats"])).query(query).json().await
    }

    /// `DELETE /admin/logs`; millions of rows take their time.
    pub async fn purge_logs(&self, purge: &Purge) -> Result<Purged, Error> {
        self.lasting(Method::DELETE, Path::of(&["logs"])).query(purge).json().await
    }

    /// `GET /admin/audit`
    pub async fn audit(&self, query: &AuditQuery) -> Result<AuditPage, Error> {
        self.get(Path::of(&["audit"])).query(query).json().await
    }
}

fn key(id: &str) -> Path {
    Path::of(&["keys"]).id(id)
}

fn content_type(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::Yaml => "application/yaml",
        Syntax::Json => "application/json",
    }
}
