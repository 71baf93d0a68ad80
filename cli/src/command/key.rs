//! `admin keys`: make, list and revoke API keys.

use std::str::FromStr;
use std::time::Duration;

use ferrogw_api::Client;
use ferrogw_api::key::{Key, NewKey};
use time::OffsetDateTime;

use crate::args::{CreateKey, Keys};
use crate::failure::Failure;
use crate::output::{Column, Format, instant, list, number};
use crate::say;

const COLUMNS: &[Column<Key>] = &[
    ("ID", |key| key.id.clone()),
    ("NAME", |key| key.name.clone()),
    ("KEY", |key| key.key.clone()),
    ("SCOPES", |key| list(&key.scopes)),
    ("EXPIRES", |key| instant(key.expires_at)),
    ("REVOKED", |key| instant(key.revoked_at)),
    ("USES", |key| number(key.usage_count)),
    ("LAST USED", |key| instant(key.last_used_at)),
];

/// How long a key is accepted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lifetime(Duration);

impl FromStr for Lifetime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let days = text.strip_suffix('d').and_then(|days| days.parse::<u32>().ok());
        match days {
            Some(days) => Ok(Self(Duration::from_secs(u64::from(days) * 86_400))),
            None => ferrogw_config::duration::parse(text).map(Self).map_err(|error| format!("`{text}` {error}; say 720h or 30d")),
        }
    }
}

pub(super) async fn run(client: &Client, command: Keys, format: Format) -> Result<(), Failure> {
    match command {
        Keys::Create(wanted) => create(client, wanted, format).await,
        Keys::List => format.list(&client.keys().await?, COLUMNS),
        Keys::Revoke { id } => {
            client.revoke_key(&id).await?;
            say::note(&format!("{id} is revoked"));
            Ok(())
        }
    }
}

async fn create(client: &Client, wanted: CreateKey, format: Format) -> Result<(), Failure> {
    let new = NewKey {
        name: wanted.name,
        scopes: wanted.scopes.iter().map(ToString::to_string).collect(),
        expires_at: wanted.expires_in.map(|Lifetime(lifetime)| OffsetDateTime::now_utc() + lifetime),
    };
    let key = client.create_key(&new).await?;
    say::note("`key` below is the secret; it is shown this once and cannot be had again");
    format.record(&key)
}
