//! Texts that borrow from the JSON they stand in, where no escape forbids it.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};

/// A JSON text. (`Cow` alone borrows only as a field of its own; this borrows within options, lists and keys, too.)
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Text<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// Reads a text that may be `null`, which clients and providers write for nothing.
pub(crate) fn or_empty<'de, D: Deserializer<'de>>(source: D) -> Result<Cow<'de, str>, D::Error> {
    Ok(Option::<Text<'de>>::deserialize(source)?.unwrap_or_default().0)
}
