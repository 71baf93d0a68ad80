//! `admin keys`: make, look at, change and take away API keys.

use ferrogw_api::Client;
use ferrogw_api::key::{Key, KeyChange, NewKey};
use time::format_description::well_known::Rfc3339;

use crate::args::{CreateKey, Keys, Sure, UpdateKey};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::output::{Column, Format, Output, Tone, column, dollars, id, instant, list, number, toned};
use crate::{input, output, printable};

const COLUMNS: &[Column<Key>] = &[
    id("ID", |key| key.id.clone()),
    column("NAME", |key| key.name.clone()),
    column("KEY", |key| key.key.clone()),
    column("SCOPES", |key| list(&key.scopes)),
    column("EXPIRES", |key| instant(key.expires_at)),
    toned("REVOKED", |key| instant(key.revoked_at), |_| Tone::Bad),
    column("USES", |key| number(key.usage_count)),
    column("COST USD", |key| dollars(key.cost_usd)),
    column("LAST USED", |key| instant(key.last_used_at)),
];

const DETAILS: &[Column<Key>] = &[
    id("ID", |key| key.id.clone()),
    column("NAME", |key| key.name.clone()),
    column("KEY", |key| key.key.clone()),
    column("SCOPES", |key| list(&key.scopes)),
    column("CREATED", |key| instant(Some(key.created_at))),
    column("ROTATED", |key| instant(key.rotated_at)),
    column("EXPIRES", |key| instant(key.expires_at)),
    toned("REVOKED", |key| instant(key.revoked_at), |_| Tone::Bad),
    column("USES", |key| number(key.usage_count)),
    column("COST USD", |key| dollars(key.cost_usd)),
    column("LAST USED", |key| instant(key.last_used_at)),
];

pub(super) async fn run(client: &Client, command: Keys, output: Output) -> Result<(), Failure> {
    match command {
        Keys::Create(wanted) => create(client, wanted, output).await,
        Keys::List => output.list(&client.keys().await?, COLUMNS, "keys"),
        Keys::Get { id } => output.details(&client.key(&id).await?, DETAILS),
        Keys::Update(wanted) => update(client, wanted, output).await,
        Keys::Rotate { id, sure } => {
            ask(client, &id, sure, "a secret that is replaced", "Its old secret ends at once").await?;
            secret(&client.rotate_key(&id).await?, output)
        }
        Keys::Revoke { id, sure } => {
            ask(client, &id, sure, "a revocation", "It ends for good").await?;
            client.revoke_key(&id).await?;
            output.note(&format!("{id} is revoked"));
            Ok(())
        }
        Keys::Delete { id, sure } => {
            if input::is_terminal() || sure.yes {
                ask(client, &id, sure, "a deletion", "It ends for good and is forgotten").await?;
            } else {
                return Err(Failure::Unconfirmed("a deletion"));
            }
            client.delete_key(&id).await?;
            output.note(&format!("{id} is deleted"));
            Ok(())
        }
    }
}

async fn create(client: &Client, wanted: CreateKey, output: Output) -> Result<(), Failure> {
    let expires_at = match wanted.expires_in {
        Some(span) => Some(Clock::of(client, output).await?.after(span)),
        None => wanted.expires_at,
    };
    let scopes = wanted.scopes.iter().map(ToString::to_string).collect();
    secret(&client.create_key(&NewKey { name: wanted.name, scopes, expires_at }).await?, output)
}

async fn update(client: &Client, wanted: UpdateKey, output: Output) -> Result<(), Failure> {
    let expires_at = match wanted.expires_in {
        Some(span) => Some(Clock::of(client, output).await?.after(span)),
        None => wanted.expires_at,
    };
    let change = KeyChange {
        name: wanted.name.unwrap_or_default(),
        scopes: wanted.scopes.iter().map(ToString::to_string).collect(),
        expires_at: expires_at.and_then(|at| at.format(&Rfc3339).ok()),
        clear_expiration: wanted.never_expires,
    };
    output.details(&client.update_key(&wanted.id, &change).await?, DETAILS)
}

/// Shows a key whose secret is seen this once.
fn secret(key: &Key, output: Output) -> Result<(), Failure> {
    if output.quiet && output.format == Format::Table {
        return output::write(&printable::line(&key.key));
    }
    output.note("`key` below is the secret; it is shown this once and cannot be had again");
    output.details(key, DETAILS)
}

/// Where somebody sits there, lets them confirm by the key's name what happens to it. A script knows what it does.
async fn ask(client: &Client, id: &str, sure: Sure, what: &'static str, outcome: &str) -> Result<(), Failure> {
    if sure.yes || !input::is_typed() {
        return Ok(());
    }
    let key = client.key(id).await?;
    let typed = !key.name.is_empty() && printable::fit(&key.name, 60) == key.name && key.name.trim() == key.name;
    let word = if typed { &key.name } else { &key.id };
    let used = match key.last_used_at {
        Some(at) => format!("last used {}", instant(Some(at))),
        None => "not used yet, as far as is known".to_owned(),
    };
    let question = format!("{outcome}: the key `{}` ({}), {used}.", printable::fit(&key.name, 60), list(&key.scopes));
    input::confirm(what, &question, word, false)
}
