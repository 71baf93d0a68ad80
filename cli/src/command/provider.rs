//! `admin providers`: what the workers can reach.

use ferrogw_api::Client;
use ferrogw_api::provider::Provider;

use crate::failure::Failure;
use crate::output::{Column, Format, list};

const COLUMNS: &[Column<Provider>] = &[
    ("PROVIDER", |provider| provider.name.clone()),
    ("MODELS", |provider| provider.models.len().to_string()),
    ("TARGETS", |provider| list(provider.targets.iter().map(|target| &target.name))),
];

pub(super) async fn list_reachable(client: &Client, format: Format) -> Result<(), Failure> {
    format.list(&client.providers().await?, COLUMNS)
}
