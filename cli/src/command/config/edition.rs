//! A configuration as the gateway shows it: the one in force, or an earlier one.

use ferrogw_api::Client;
use ferrogw_api::client::Page;
use ferrogw_api::config::HistoryEntry;
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
        let entry = newest(client, 0).await?.1.ok_or(Failure::NoConfiguration(0))?;
        let version = entry.version;
        let config = entry.config.ok_or(Failure::NoConfiguration(version))?;
        Ok(Self { version, config, digest: entry.digest })
    }

    /// What was in force as that version.
    pub(super) async fn of(client: &Client, version: u64) -> Result<Self, Failure> {
        let (total, entry) = newest(client, 0).await?;
        // Numbers have no gaps, so a version's number says how many are newer.
        let entry = match entry {
            Some(entry) if entry.version == version => Some(entry),
            _ if version == 0 || version > total => None,
            _ => newest(client, total - version).await?.1,
        };
        match entry {
            Some(HistoryEntry { version: found, config: Some(config), digest, .. }) if found == version => {
                Ok(Self { version, config, digest })
            }
            Some(entry) if entry.version == version => {
                Err(Failure::NoVersion(format!("version {version} took the configuration away: it holds none")))
            }
            _ => Err(Failure::NoVersion(format!("there is no version {version}; the newest is {total}"))),
        }
    }
}

/// How many versions there are, and the newest but for so many.
async fn newest(client: &Client, but: u64) -> Result<(u64, Option<HistoryEntry>), Failure> {
    let history = client.history(Page { limit: Some(1), offset: Some(but) }).await?;
    Ok((history.summary.total_versions, history.data.into_iter().next_back()))
}
