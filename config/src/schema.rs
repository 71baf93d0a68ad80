//! The JSON Schema of the configuration file, for editors; reading a text holds it against the same schema, so the two cannot
//! disagree.

use std::sync::LazyLock;

use serde_json::Value;

#[cfg(not(target_arch = "wasm32"))]
use crate::Config;

/// The schema, draft 2020-12, made from the types: their comments are its descriptions.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Config).to_value();
    schema["title"] = "ferrogw configuration".into();
    schema
}

/// The same in a browser, from the file that a test holds to the types: what makes it of them is large.
#[cfg(target_arch = "wasm32")]
#[must_use]
pub fn schema() -> Value {
    serde_json::from_str(include_str!("../schema/config.schema.json")).expect("a test holds the file to the types")
}

/// The schema, made once.
pub(crate) fn shared() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(schema);
    &SCHEMA
}
