//! The JSON Schema of the configuration file, for editors; reading a text holds it against the same schema, so the two cannot
//! disagree.

use std::sync::LazyLock;

use serde_json::Value;

use crate::Config;

/// The schema, draft 2020-12, made from the types: their comments are its descriptions.
#[must_use]
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Config).to_value();
    schema["title"] = "ferrogw configuration".into();
    schema
}

/// The schema, made once.
pub(crate) fn shared() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(schema);
    &SCHEMA
}
