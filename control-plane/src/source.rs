//! Where the configuration in force comes from when a control plane starts: the store, a file, or the credentials found.
//!
//! What somebody edited through the API always wins. A file or a generated configuration follows its source only as long as
//! nobody did: nothing is merged, and nothing is overridden in silence.

use std::collections::BTreeSet;
use std::time::Duration;

use ferrogw_config::{Checked, Config, Document, Issue, Strategy, StrategyMode, Target};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::fleet::Fleet;
use crate::settings::{Generate, Settings};
use crate::start::StartError;
use crate::store::{Action, Activation, Actor, Draft, Store, StoreError};

mod difference;
mod file;

use file::File;

/// Workers report every two seconds.
const LOOK: Duration = Duration::from_secs(1);

/// Two control planes may start at once on one database; the slower one looks again, this often.
const TRIES: usize = 5;

/// Brings the store in line with the process's own source of configuration, and gives back that source's document: what
/// `DELETE /admin/config` goes back to.
pub(crate) async fn settle(store: &Store, settings: &Settings) -> Result<Option<Document>, StartError> {
    if let Some(path) = settings.configuration_file() {
        return import(store, &File::read(path)?).await;
    }
    let generated = match &settings.generate {
        Generate::From(providers) => generate(providers.iter().map(String::as_str)),
        Generate::Never | Generate::FromWorkers => None,
    };
    if let Some(checked) = &generated {
        retried(store, |current| generation_due(current, &checked.document())).await?;
    }
    Ok(generated.map(|checked| checked.document()))
}

/// Until `shutdown`, makes a configuration from the providers that connected workers can reach, where there is none that somebody
/// chose, and follows them. Does nothing where the settings do not ask for it.
pub(crate) async fn follow_workers(app: App, settings: &Settings, shutdown: CancellationToken) {
    if settings.generate != Generate::FromWorkers || settings.configuration_file().is_some() {
        return;
    }
    while shutdown.run_until_cancelled(sleep(LOOK)).await.is_some() {
        if let Err(error) = follow(&app).await {
            tracing::debug!(%error, "whether a configuration is to be generated cannot be told now");
        }
    }
}

async fn follow(app: &App) -> Result<(), StoreError> {
    let fleet = Fleet::read(app).await?;
    let found = fleet.reports().flat_map(|report| &report.providers_found).map(String::as_str);
    match generate(found) {
        Some(checked) => retried(&app.store, |current| generation_due(current, &checked.document())).await,
        None => Ok(()),
    }
}

/// Takes the file in where that overrides nobody.
async fn import(store: &Store, file: &File) -> Result<Option<Document>, StartError> {
    let checked = match file.check() {
        Ok(checked) => checked,
        Err(issues) if store.current().await?.is_some() => {
            let issues = issues.iter().map(Issue::to_string).collect::<Vec<_>>().join("; ");
            tracing::error!("{} is refused, so the stored configuration stays in force: {issues}", file.path.display());
            return Ok(None);
        }
        Err(issues) => return Err(StartError::Refused { path: file.path.clone(), issues }),
    };
    for warning in checked.warnings() {
        tracing::warn!("{}: {warning}", file.path.display());
    }
    let document = checked.document();
    let last = store.last_import().await?;
    let imported = last.and_then(|import| import.version).map(|version| version.document.digest());
    retried(store, |current| import_due(current, imported == Some(document.digest()), &checked, file)).await?;
    Ok(Some(document))
}

/// The file's document, if it is to be put in force now.
fn import_due(current: Option<&Activation>, imported_before: bool, checked: &Checked, file: &File) -> Option<Draft> {
    let document = checked.document();
    let draft = || Draft { document: Some(document.clone()), action: Action::Import, note: format!("import of {}", file.name()) };
    let Some(current) = current else {
        tracing::info!("{} is imported as version 1", file.path.display());
        return Some(draft());
    };
    let stored = current.version.as_ref().map(|version| &version.document);
    if stored.is_some_and(|stored| stored.digest() == document.digest()) {
        return None;
    }
    let generation = current.generation;
    if is_edited(current) {
        let changes = difference::between(stored, checked.config());
        tracing::warn!(
            generation,
            "version {generation} was edited by {} and stays in force; {} would change: {changes}. \
             Apply the file yourself, or delete the configuration, to have it",
            current.actor,
            file.path.display(),
        );
        return None;
    }
    if imported_before {
        tracing::info!(generation, "{} has not changed since it was imported", file.path.display());
        return None;
    }
    tracing::info!(generation, "{} changed and is imported as version {}", file.path.display(), generation + 1);
    Some(draft())
}

/// The generated document, if it is to be put in force now.
fn generation_due(current: Option<&Activation>, document: &Document) -> Option<Draft> {
    let due = match current {
        None => true,
        Some(current) => {
            let stored = current.version.as_ref().map(|version| &version.document);
            let ours = match current.action {
                Action::Generate => true,
                // It left nothing, or went back to what was generated before; to a file otherwise.
                Action::Delete => stored.is_none_or(is_generated),
                _ => false,
            };
            ours && stored.map(Document::digest) != Some(document.digest())
        }
    };
    due.then(|| {
        tracing::info!("a configuration is generated from the credentials found");
        Draft {
            document: Some(document.clone()),
            action: Action::Generate,
            note: "generated from the credentials found".to_owned(),
        }
    })
}

/// Whether a document is what is generated for the providers that it names.
fn is_generated(document: &Document) -> bool {
    let again = document.read().ok().and_then(|checked| generate(checked.targets().iter().map(Target::provider_id)));
    again.is_some_and(|again| again.document().digest() == document.digest())
}

/// Whether somebody chose what is in force. Going back to what the process started with is no choice of a document.
fn is_edited(activation: &Activation) -> bool {
    matches!(activation.action, Action::Create | Action::Update | Action::Rollback { .. })
}

/// Activates what `due` asks for, unless somebody else was quicker: then it is asked again.
async fn retried(store: &Store, due: impl Fn(Option<&Activation>) -> Option<Draft>) -> Result<(), StoreError> {
    let mut tries = 0;
    loop {
        let current = store.current().await?;
        let Some(draft) = due(current.as_ref()) else { return Ok(()) };
        let expected = current.map_or(0, |activation| activation.generation);
        tries += 1;
        match store.activate(draft, Some(expected), &Actor::system()).await {
            Err(StoreError::Conflict { .. }) if tries < TRIES => {}
            result => return result.map(|_| ()),
        }
    }
}

/// `fallback` over the providers, in alphabetical order; `None`: there are none that this build can route to.
fn generate<'a>(providers: impl Iterator<Item = &'a str>) -> Option<Checked> {
    let providers: BTreeSet<&str> = providers.collect();
    let targets = providers.into_iter().map(|provider| Target { virtual_key: Some(provider.to_owned()), ..Target::default() });
    let config = Config {
        strategy: Strategy { mode: StrategyMode::Fallback, ..Strategy::default() },
        targets: targets.collect(),
        ..Config::default()
    };
    if config.targets.is_empty() {
        return None;
    }
    config
        .check()
        .inspect_err(|issues| {
            let issues = issues.iter().map(Issue::to_string).collect::<Vec<_>>().join("; ");
            tracing::error!("no configuration can be generated from the credentials found: {issues}");
        })
        .ok()
}

#[cfg(test)]
mod tests;
