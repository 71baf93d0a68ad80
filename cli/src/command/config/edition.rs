//! A configuration as the gateway shows it: the one in force, or an earlier one.

use ferrogw_api::client::HistoryQuery;
use ferrogw_api::{Client, Error};
use serde_json::Value;

use crate::failure::Failure;
use crate::output::Output;

/// A configuration, its number and what names its document.
pub(super) struct Edition {
    pub(super) version: u64,
    /// With everything hidden that could be a secret.
    pub(super) config: Value,
    /// Of the document with nothing hidden.
    pub(super) digest: Option<String>,
}

pub(super) async fn get(client: &Client, version: Option<u64>, output: Output) -> Result<(), Failure> {
    let edition = match version {
        Some(version) => Edition::of(client, version).await?,
        None => {
            let current = client.config().await?;
            let config = current.config.ok_or(Failure::NoConfiguration(current.version))?;
            Edition { version: current.version, config, digest: None }
        }
    };
    output.note(&format!("version {}", edition.version));
    output.record(&edition.config)
}

impl Edition {
    /// What is in force.
    pub(super) async fn running(client: &Client) -> Result<Self, Failure> {
        let history = client.history(&HistoryQuery { limit: Some(1), ..HistoryQuery::default() }).await?;
        let entry = history.data.into_iter().next_back().ok_or(Failure::NoConfiguration(0))?;
        let version = entry.version;
        let config = entry.config.ok_or(Failure::NoConfiguration(version))?;
        Ok(Self { version, config, digest: entry.digest })
    }

    /// What was in force as that version.
    pub(super) async fn of(client: &Client, version: u64) -> Result<Self, Failure> {
        let entry = match client.history_version(version).await {
            Err(error) if error.code() == Some("resource_not_found") => return Err(missing(client, version).await),
            Err(Error::Refused { status, .. }) if status.as_u16() == 400 => return Err(missing(client, version).await),
            entry => entry?.entry,
        };
        match entry.config {
            Some(config) => Ok(Self { version, config, digest: entry.digest }),
            None => Err(Failure::NoVersion(format!("version {version} took the configuration away: it holds none"))),
        }
    }
}

/// What there is instead, as far as it can be had.
async fn missing(client: &Client, version: u64) -> Failure {
    let history = client.history(&HistoryQuery { limit: Some(1), documents: Some(false), offset: None }).await;
    let newest = history.map(|history| format!("; the newest is {}", history.summary.total_versions)).unwrap_or_default();
    Failure::NoVersion(format!("there is no version {version}{newest}"))
}
