//! `plugins` and `providers`: what this release knows, without a gateway.

use ferrogw_api::plugin::{self, CatalogEntry};
use ferrogw_config::catalog;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Column, Output, column, id, list};

/// A provider that this release knows.
#[derive(Debug, Serialize)]
struct Known {
    id: &'static str,
    name: &'static str,
    served: bool,
    variables: Vec<&'static str>,
    catalog_models: usize,
}

const PLUGINS: &[Column<CatalogEntry>] = &[
    id("NAME", |plugin| plugin.name.clone()),
    column("TYPE", |plugin| plugin.kind.clone()),
    column("SERVED", |plugin| yes(plugin.served)),
    column("SUMMARY", |plugin| plugin.summary.clone()),
];

const PROVIDERS: &[Column<Known>] = &[
    id("PROVIDER", |provider| provider.id.to_owned()),
    column("NAME", |provider| provider.name.to_owned()),
    column("SERVED", |provider| yes(provider.served)),
    column("ENABLED BY", |provider| list(&provider.variables)),
    column("MODELS", |provider| provider.catalog_models.to_string()),
];

pub(super) fn plugins(output: Output) -> Result<(), Failure> {
    output.list(&plugin::catalog(), PLUGINS, "plugins")
}

pub(super) fn providers(output: Output) -> Result<(), Failure> {
    let known: Vec<Known> = catalog::providers()
        .iter()
        .map(|provider| Known {
            id: provider.id,
            name: provider.name,
            served: provider.is_served(),
            variables: std::iter::once(provider.enablement_env()).chain(provider.settings.iter().copied()).collect(),
            catalog_models: provider.models.len(),
        })
        .collect();
    output.list(&known, PROVIDERS, "providers")
}

fn yes(yes: bool) -> String {
    if yes { "yes" } else { "not yet" }.to_owned()
}
