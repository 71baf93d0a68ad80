//! The schema of the control plane's store, as a list of steps that only ever add.
//!
//! Old and new control planes overlap during an upgrade, so a step never takes anything away that the build before it uses. The
//! steps belong to areas, since configuration, keys and request log may live in databases of their own; each database has one
//! ledger. Times are microseconds since 1970 (UTC) and money is nano-dollars, both as `bigint`, so that both dialects sort, cut
//! and add them alike.
#![expect(elided_lifetimes_in_paths, reason = "async_trait takes a spelt-out lifetime for another one than the trait's")]

use sea_orm_migration::sea_orm::{DatabaseTransaction, DbErr};
use sea_orm_migration::{MigrationTrait, SchemaManager};

pub use sea_orm_migration::MigratorTraitSelf;

mod m0001_audit;
mod m0002_version;
mod m0003_activation;
mod m0004_worker;
mod m0005_setting;
mod m0006_api_key;
mod m0007_key_revision;
mod m0008_key_removal;
mod m0009_bootstrap;
mod m0010_request_log;
mod m0011_usage_minute;
mod m0012_key_use;
mod m0013_watermark;
mod m0014_session;
mod m0015_internal_key;
mod m0016_stored;
mod m0017_search;
mod m0018_rollup;
mod m0019_everything;
mod m0020_upkeep;
mod m0021_oldest_minutes;

/// A part of the store that may have a database of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Area {
    /// Versions, activations, workers, settings.
    Config,
    /// API keys, bootstrap credentials and sessions.
    Keys,
    /// The request log and what is summed from it.
    Logs,
}

/// One step, and the area it belongs to; `None`: every database needs it.
type Step = (Option<Area>, Box<dyn MigrationTrait>);

fn steps() -> Vec<Step> {
    use Area::{Config, Keys, Logs};
    vec![
        (None, Box::new(m0001_audit::Migration)),
        (Some(Config), Box::new(m0002_version::Migration)),
        (Some(Config), Box::new(m0003_activation::Migration)),
        (Some(Config), Box::new(m0004_worker::Migration)),
        (Some(Config), Box::new(m0005_setting::Migration)),
        (Some(Keys), Box::new(m0006_api_key::Migration)),
        (Some(Keys), Box::new(m0007_key_revision::Migration)),
        (Some(Keys), Box::new(m0008_key_removal::Migration)),
        (Some(Keys), Box::new(m0009_bootstrap::Migration)),
        (Some(Logs), Box::new(m0010_request_log::Migration)),
        (Some(Logs), Box::new(m0011_usage_minute::Migration)),
        (Some(Logs), Box::new(m0012_key_use::Migration)),
        (Some(Logs), Box::new(m0013_watermark::Migration)),
        (Some(Keys), Box::new(m0014_session::Migration)),
        (Some(Keys), Box::new(m0015_internal_key::Migration)),
        (Some(Logs), Box::new(m0016_stored::Migration)),
        (Some(Logs), Box::new(m0017_search::Migration)),
        (Some(Logs), Box::new(m0018_rollup::Migration)),
        (Some(Logs), Box::new(m0019_everything::Migration)),
        (Some(Logs), Box::new(m0020_upkeep::Migration)),
        (Some(Logs), Box::new(m0021_oldest_minutes::Migration)),
    ]
}

/// What a database's ledger says.
pub struct Ledger {
    applied: Vec<String>,
}

impl Ledger {
    /// Reads the ledger without writing anything; a database that has none was never migrated.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn read(db: &DatabaseTransaction) -> Result<Self, DbErr> {
        let all = Steps { steps: Vec::new() };
        let table = all.migration_table_name().to_string();
        if !SchemaManager::new(db).has_table(table).await? {
            return Ok(Self { applied: Vec::new() });
        }
        let rows = all.get_migration_models(db).await?;
        Ok(Self { applied: rows.into_iter().map(|row| row.version).collect() })
    }

    /// The first step that this build does not know: a newer one has been here.
    #[must_use]
    pub fn unknown(&self) -> Option<&str> {
        let known = steps();
        self.applied.iter().find(|name| !known.iter().any(|(_, step)| step.name() == name.as_str())).map(String::as_str)
    }

    /// The steps of `areas`, and those that the database has had anyway.
    #[must_use]
    pub fn steps_for(&self, areas: &[Area]) -> Steps {
        let wanted = |(area, step): &Step| {
            area.is_none_or(|area| areas.contains(&area)) || self.applied.iter().any(|name| name == step.name())
        };
        Steps { steps: steps().into_iter().filter(wanted).map(|(_, step)| step.name().to_owned()).collect() }
    }
}

/// A selection of steps, for one database.
pub struct Steps {
    steps: Vec<String>,
}

impl MigratorTraitSelf for Steps {
    fn migrations(&self) -> Vec<Box<dyn MigrationTrait>> {
        steps().into_iter().map(|(_, step)| step).filter(|step| self.steps.iter().any(|name| name == step.name())).collect()
    }
}
