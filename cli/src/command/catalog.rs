//! `plugins` and `providers`: what this release knows, without a gateway.

use ferrogw_api::plugin::{self, CatalogEntry};
use ferrogw_config::catalog;
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{Format, list};

/// A provider that this release knows.
#[derive(Debug, Serialize)]
struct Known {
    id: &'static str,
    name: &'static str,
    served: bool,
    variables: Vec<&'static str>,
    catalog_models: usize,
}

pub(super) fn plugins(format: Format) -> Result<(), Failure> {
    format.list::<CatalogEntry>(
        &plugin::catalog(),
        &[
            ("NAME", |plugin| plugin.name.clone()),
            ("TYPE", |plugin| plugin.kind.clone()),
            ("SERVED", |plugin| yes(plugin.served)),
            ("SUMMARY", |plugin| plugin.summary.clone()),
        ],
    )
}

pub(super) fn providers(format: Format) -> Result<(), Failure> {
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
    format.list(
        &known,
        &[
            ("PROVIDER", |provider| provider.id.to_owned()),
            ("NAME", |provider| provider.name.to_owned()),
            ("SERVED", |provider| yes(provider.served)),
            ("ENABLED BY", |provider| list(&provider.variables)),
            ("MODELS", |provider| provider.catalog_models.to_string()),
        ],
    )
}

fn yes(yes: bool) -> String {
    if yes { "yes" } else { "not yet" }.to_owned()
}
