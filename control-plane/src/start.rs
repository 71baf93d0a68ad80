//! What happens before the first request: the store is opened, credentials are taken in, the configuration is settled.

use std::path::PathBuf;

use ferrogw_config::{Issue, Secret};

use crate::app::{App, InForce, Reading};
use crate::auth::bootstrap;
use crate::settings::{InvalidStore, Settings};
use crate::store::{Actor, Bootstrap, NewKey, Scope, Scopes, Store, StoreError};
use crate::{directory, source};

/// Why a control plane did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store's variables say nothing sensible.
    #[error(transparent)]
    Settings(#[from] InvalidStore),
    /// The data directory cannot be made.
    #[error("cannot create the data directory {path}")]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// No random bytes for a token can be had.
    #[error("the operating system gives no random bytes")]
    Random(#[source] getrandom::Error),
    /// The store does not open or answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The configuration file cannot be read.
    #[error("cannot read the configuration file {path} that GATEWAY_CONFIG names")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The configuration file's name tells no syntax.
    #[error("the configuration file {path} that GATEWAY_CONFIG names has to end in .yaml, .yml or .json")]
    Syntax {
        /// The file.
        path: PathBuf,
    },
    /// The configuration file is refused, and there is no other configuration to serve.
    #[error("the configuration file {path} that GATEWAY_CONFIG names is refused:{}", lines(issues))]
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        issues: Vec<Issue>,
    },
}

fn lines(issues: &[Issue]) -> String {
    issues.iter().map(|issue| format!("\n  {issue}")).collect()
}

/// The keys of a first start. They are shown once.
#[derive(Debug, Clone)]
pub struct FirstStart {
    /// Opens the admin API; `None`: the bootstrap key of the operator's own choice does.
    pub admin_key: Option<Secret<String>>,
    /// Opens the inference API.
    pub inference_key: Secret<String>,
}

/// Everything that a handler will need.
pub(crate) async fn app(settings: &Settings) -> Result<App, StartError> {
    let areas = settings.areas()?;
    directory::create(&settings.data_dir).map_err(|source| StartError::Directory { path: settings.data_dir.clone(), source })?;
    let store = Store::open(&areas).await?;
    bootstrap::consume(&store, &settings.access).await?;
    let startup = source::settle(&store, settings).await?;
    let app = App::new(store, settings, startup);
    tell_what_is_in_force(&app).await?;
    Ok(app)
}

async fn tell_what_is_in_force(app: &App) -> Result<(), StoreError> {
    let InForce { generation, reading } = app.in_force().await?;
    match reading {
        Reading::None => tracing::info!(generation, "no configuration is in force"),
        Reading::Valid(_) => {
            let by = app.store.current().await?.map(|activation| activation.actor).unwrap_or_default();
            tracing::info!(generation, "the stored configuration, version {generation} by {by}, is in force");
        }
        Reading::Invalid(issues) => tracing::error!(
            generation,
            "this release refuses the stored configuration, version {generation}; roll back or send a new one:{}",
            lines(&issues)
        ),
    }
    Ok(())
}

/// Makes the keys of the first start, once in a store's life: none where there are keys already, and none for administration where a
/// bootstrap key is for that.
pub(crate) async fn first_keys(store: &Store) -> Result<Option<FirstStart>, StoreError> {
    let is_administered = store.bootstrap_credentials().await?.iter().any(|known| known.kind == Bootstrap::Admin);
    let key = |name: &str, scope: Scope| NewKey { name: name.to_owned(), scopes: Scopes::from(scope), expires_at: None };
    let admin = (!is_administered).then(|| key("first admin", Scope::Admin));
    let keys = admin.into_iter().chain([key("first inference", Scope::Inference)]).collect();
    let issued = store.create_first_keys(keys, &Actor::system()).await?;
    let mut issued = issued.into_iter().flatten().map(|key| key.secret).rev();
    Ok(issued.next().map(|inference_key| FirstStart { admin_key: issued.next(), inference_key }))
}
