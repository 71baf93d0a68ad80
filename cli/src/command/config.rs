//! `admin config`: the configuration in force and its history.

use std::path::Path;

use ferrogw_api::client::{self, Page};
use ferrogw_api::config::{HistoryEntry, Written};
use ferrogw_api::{Client, Error};

use super::source::{Source, count};
use crate::args::{Config, Guard};
use crate::failure::Failure;
use crate::output::{Column, Format, instant, number, text};
use crate::say;

const HISTORY: &[Column<HistoryEntry>] = &[
    ("VERSION", |entry| entry.version.to_string()),
    ("UPDATED AT", |entry| instant(Some(entry.updated_at))),
    ("ACTOR", |entry| text(entry.actor.as_deref())),
    ("ROLLED BACK FROM", |entry| number(entry.rolled_back_from)),
    ("DIGEST", |entry| entry.digest.as_deref().map(|digest| digest.chars().take(12).collect()).unwrap_or_default()),
    ("NOTE", |entry| text(entry.note.as_deref())),
];

pub(super) async fn run(client: &Client, command: Config, format: Format) -> Result<(), Failure> {
    match command {
        Config::Get => {
            let current = client.config().await?;
            say::note(&format!("version {}", current.version));
            format.record(&current.config.ok_or(Failure::NoConfiguration(current.version))?)
        }
        Config::Apply { file, guard } => apply(client, &file, &guard, format).await,
        Config::History { limit, offset } => {
            let history = client.history(Page { limit: Some(limit), offset: Some(offset) }).await?;
            say::note(&format!("{} of {} versions", history.data.len(), history.summary.total_versions));
            format.list(&history.data, HISTORY)
        }
        Config::Rollback { to, guard } => {
            let expected = guard.expected(client).await?;
            let rolled_back = client.rollback(to, expected).await?;
            format.row(
                &rolled_back,
                &[
                    ("STATUS", |done| done.status.clone()),
                    ("VERSION", |done| done.version.to_string()),
                    ("ROLLED BACK TO", |done| done.rolled_back_to.to_string()),
                ],
            )
        }
    }
}

async fn apply(client: &Client, file: &Path, guard: &Guard, format: Format) -> Result<(), Failure> {
    let source = Source::read(file)?;
    let expected = guard.expected(client).await?;
    let written = client.apply(source.text.clone(), source.syntax, expected).await.map_err(|error| explain(&source, error))?;
    for warning in &written.warnings {
        say::note(&source.locate(warning));
    }
    let columns: &[Column<Written>] = &[("STATUS", |done| done.status.clone()), ("VERSION", |done| done.version.to_string())];
    format.row(&written, columns)
}

/// Issues are about the file at hand, so they are told as `validate` tells them.
fn explain(source: &Source, error: client::Error) -> Failure {
    match error {
        Error::Refused { ref problem, .. } if !problem.issues.is_empty() => {
            for issue in &problem.issues {
                say::note(&source.locate(issue));
            }
            Failure::Invalid { file: source.name.clone(), count: count(&problem.issues) }
        }
        error => error.into(),
    }
}

impl Guard {
    /// The version that has to be in force still; `None`: any.
    async fn expected(&self, client: &Client) -> Result<Option<u64>, Failure> {
        match self {
            Self { force: true, .. } => Ok(None),
            Self { if_version: Some(version), .. } => Ok(Some(*version)),
            _ => Ok(Some(client.config().await?.version)),
        }
    }
}
