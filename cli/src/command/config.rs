//! `admin config`: the configuration in force and its history.

mod diff;
mod edition;
mod export;
mod overtaken;
mod rollout;

use std::path::Path;

use ferrogw_api::client::{self, Page};
use ferrogw_api::config::{HistoryEntry, RolledBack, Written};
use ferrogw_api::{Client, Error};

use super::Verdict;
use super::source::{Source, count};
use crate::args::{Config, Guard};
use crate::clock::Span;
use crate::failure::Failure;
use crate::input;
use crate::output::{Column, Output, column, id, instant, number, text};

const HISTORY: &[Column<HistoryEntry>] = &[
    id("VERSION", |entry| entry.version.to_string()),
    column("UPDATED AT", |entry| instant(Some(entry.updated_at))),
    column("ACTOR", |entry| text(entry.actor.as_deref())),
    column("ROLLED BACK FROM", |entry| number(entry.rolled_back_from)),
    column("DIGEST", |entry| entry.digest.as_deref().map(|digest| digest.chars().take(12).collect()).unwrap_or_default()),
    column("NOTE", |entry| text(entry.note.as_deref())),
];

const WRITTEN: &[Column<Written>] =
    &[column("STATUS", |done| done.status.clone()), id("VERSION", |done| done.version.to_string())];

const ROLLED_BACK: &[Column<RolledBack>] = &[
    column("STATUS", |done| done.status.clone()),
    id("VERSION", |done| done.version.to_string()),
    column("ROLLED BACK TO", |done| done.rolled_back_to.to_string()),
];

pub(super) async fn run(client: &Client, command: Config, output: Output) -> Result<Verdict, Failure> {
    match command {
        Config::Get { edition } => edition::get(client, edition, output).await?,
        Config::Apply { file, guard, wait } => return apply(client, &file, &guard, wait, output).await,
        Config::Check { file } => check(client, &file, output).await?,
        Config::Diff(wanted) => {
            return diff::run(client, &wanted, output).await.map_err(|failure| Failure::NotCompared(Box::new(failure)));
        }
        Config::History { limit, offset } => {
            let history = client.history(Page { limit: Some(limit), offset: Some(offset) }).await?;
            output.note(&format!("{} of {} versions", history.data.len(), history.summary.total_versions));
            output.list(&history.data, HISTORY, "")?;
        }
        Config::Rollback { to, guard } => {
            let expected = guard.expected(client).await?;
            let rolled_back = client.rollback(to, expected).await;
            output.row(&overtaken::explained(client, expected, rolled_back).await?, ROLLED_BACK)?;
        }
        Config::Delete { guard, sure } => {
            let question =
                "The configuration in force is replaced by the one that the control plane was started with, or by none.";
            input::confirm("taking the configuration away", question, "delete", sure.yes)?;
            let expected = guard.expected(client).await?;
            let deleted = client.delete_config(expected).await;
            output.row(&overtaken::explained(client, expected, deleted).await?, WRITTEN)?;
        }
        Config::Export(wanted) => export::run(client, &wanted, output).await?,
    }
    Ok(Verdict::Good)
}

/// What the gateway has to say about a file, which is not stored.
async fn check(client: &Client, file: &Path, output: Output) -> Result<(), Failure> {
    let source = Source::read(file)?;
    let found = client.check_config(source.text.clone(), source.syntax).await?;
    match () {
        () if !output.is_table() => output.record(&found)?,
        () if output.quiet => {}
        () => source.write(&[found.issues.as_slice(), &found.warnings].concat())?,
    }
    if found.issues.is_empty() {
        output.note(&format!("{} would be taken", source.name));
        return Ok(());
    }
    Err(Failure::Invalid { file: source.name, count: count(&found.issues) })
}

async fn apply(client: &Client, file: &Path, guard: &Guard, wait: Option<Span>, output: Output) -> Result<Verdict, Failure> {
    let source = Source::read(file)?;
    let expected = guard.expected(client).await?;
    let written = match client.apply(source.text.clone(), source.syntax, expected).await {
        Err(error) => Err(refused(&source, error, output)?),
        written => written,
    };
    let written = overtaken::explained(client, expected, written).await?;
    source.say(&written.warnings, output);
    output.row(&written, WRITTEN)?;
    match wait {
        Some(Span(most)) => rollout::wait(client, written.version, most, output).await,
        None => Ok(Verdict::Good),
    }
}

/// Issues are about the file at hand, so they are told as `validate` tells them.
fn refused(source: &Source, error: client::Error, output: Output) -> Result<client::Error, Failure> {
    match error {
        Error::Refused { ref problem, .. } if !problem.issues.is_empty() => {
            source.say(&problem.issues, output);
            Err(Failure::Invalid { file: source.name.clone(), count: count(&problem.issues) })
        }
        error => Ok(error),
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
