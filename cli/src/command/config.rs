//! `admin config`: the configuration in force and its history.

mod diff;
mod edition;
mod export;
mod overtaken;
mod rollout;

use std::path::Path;

use ferrogw_api::client::{self, Change, HistoryQuery};
use ferrogw_api::config::{HistoryEntry, RolledBack, Written};
use ferrogw_api::{Client, Error};

use super::Verdict;
use super::source::{Source, count};
use crate::args::{Config, Terms};
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
        Config::Apply { file, terms, wait } => return apply(client, &file, terms, wait, output).await,
        Config::Check { file } => check(client, &file, output).await?,
        Config::Diff(wanted) => {
            return diff::run(client, &wanted, output).await.map_err(|failure| Failure::NotCompared(Box::new(failure)));
        }
        Config::History { limit, offset } => {
            // A table shows no documents, and a page of large ones would be cut short.
            let documents = Some(!output.is_table());
            let history = client.history(&HistoryQuery { limit: Some(limit), offset: Some(offset), documents }).await?;
            output.note(&format!("{} of {} versions", history.data.len(), history.summary.total_versions));
            output.list(&history.data, HISTORY, "")?;
        }
        Config::Rollback { to, terms } => {
            let change = terms.change(client).await?;
            let rolled_back = client.rollback(to, &change).await;
            output.row(&overtaken::explained(client, change.if_version, rolled_back).await?, ROLLED_BACK)?;
        }
        Config::Delete { terms, sure } => {
            let question =
                "The configuration in force is replaced by the one that the control plane was started with, or by none.";
            input::confirm("taking the configuration away", question, "delete", sure.yes)?;
            let change = terms.change(client).await?;
            let deleted = client.delete_config(&change).await;
            output.row(&overtaken::explained(client, change.if_version, deleted).await?, WRITTEN)?;
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

async fn apply(client: &Client, file: &Path, terms: Terms, wait: Option<Span>, output: Output) -> Result<Verdict, Failure> {
    let source = Source::read(file)?;
    let change = terms.change(client).await?;
    let written = match client.apply(source.text.clone(), source.syntax, &change).await {
        Err(error) => Err(refused(&source, error, output)?),
        written => written,
    };
    let written = overtaken::explained(client, change.if_version, written).await?;
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

impl Terms {
    async fn change(self, client: &Client) -> Result<Change, Failure> {
        let if_version = match (self.force, self.if_version) {
            (true, _) => None,
            (false, Some(version)) => Some(version),
            (false, None) => Some(client.config().await?.version),
        };
        Ok(Change { if_version, note: self.note })
    }
}
