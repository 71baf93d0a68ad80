//! The committed JSON Schema is the types' own.

use std::path::Path;

#[test]
fn the_committed_schema_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/config.schema.json");
    let current = format!("{:#}\n", ferrogw_config::schema::schema());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == current,
        "config/schema/config.schema.json is out of date; run `UPDATE_SCHEMA=1 cargo test -p ferrogw-config --test schema`"
    );
}

/// Reading holds a text against the schema and knows the words below; a new one has to be taught to it first.
#[test]
fn the_schema_uses_no_word_that_reading_does_not_know() {
    let known = [
        "$defs",
        "$ref",
        "$schema",
        "additionalProperties",
        "anyOf",
        "const",
        "default",
        "description",
        "format",
        "items",
        "oneOf",
        "properties",
        "required",
        "title",
        "type",
    ];
    let schema = ferrogw_config::schema::schema();
    let mut open = vec![&schema];
    while let Some(schema) = open.pop() {
        for (word, value) in schema.as_object().into_iter().flatten() {
            assert!(known.contains(&word.as_str()), "{word}: {value}");
            match word.as_str() {
                "$defs" | "properties" => open.extend(value.as_object().unwrap().values()),
                "anyOf" | "oneOf" => open.extend(value.as_array().unwrap()),
                "items" | "additionalProperties" => open.push(value),
                _ => {}
            }
        }
    }
}
