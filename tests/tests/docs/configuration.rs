//! `docs/configuration.md`: every member of a configuration, from the JSON Schema, which is generated from the types.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

const INTRODUCTION: &str = "\
# Configuration reference

<!-- Generated from config/schema/config.schema.json by `make docs`; edit the types' comments instead. -->

A configuration is one YAML or JSON document, read strictly: an unknown member is an error with its line and the nearest right name.
All problems are reported at once. [config.example.yaml](../config.example.yaml) is a commented example;
[the schema](../config/schema/config.schema.json) makes editors complete and check it:

```yaml
# yaml-language-server: $schema=config/schema/config.schema.json
```

Durations are texts such as `30s` or `1m30s`. `${NAME}` in a credential or a header is replaced on the worker by that variable of its
environment and never stored; it never resolves `FERROGW_*`, `MASTER_KEY`, `ADMIN_*` or `*_DSN`. What this version cannot honour yet is
refused as *not yet served*, never accepted and ignored.
";

#[test]
fn the_configuration_reference_is_current() {
    super::is_current("configuration.md", &reference(&ferrogw_config::schema::schema()));
}

fn reference(schema: &Value) -> String {
    let mut page = INTRODUCTION.to_owned();
    section(&mut page, "The document", schema);
    let (mut open, mut seen) = (named(schema), BTreeSet::new());
    while !open.is_empty() {
        let name = open.remove(0);
        if seen.insert(name.clone()) {
            let definition = &schema["$defs"][&name];
            section(&mut page, &format!("`{name}`"), definition);
            open.extend(named(definition));
        }
    }
    page
}

fn section(page: &mut String, title: &str, schema: &Value) {
    writeln!(page, "\n## {title}\n\n{}", said(schema)).expect("a string takes everything");
    if let Some(members) = schema["properties"].as_object() {
        let required: BTreeSet<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        page.push_str("\n| member | type | meaning |\n|---|---|---|\n");
        for (name, member) in members {
            let mark = if required.contains(name.as_str()) { " (required)" } else { "" };
            writeln!(page, "| `{name}`{mark} | {} | {} |", kind(member), cell(&said(member))).expect("a string takes everything");
        }
    }
    for variant in ["oneOf", "anyOf"].into_iter().flat_map(|word| schema[word].as_array()).flatten() {
        let name = variant["const"].as_str().map_or_else(|| kind(variant), |value| format!("`{value}`"));
        writeln!(page, "\n* {name}: {}", said(variant)).expect("a string takes everything");
    }
}

fn said(schema: &Value) -> String {
    schema["description"].as_str().unwrap_or_default().replace('\n', " ")
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// What a member holds, in words, with a link where that has a section of its own.
fn kind(schema: &Value) -> String {
    if let Some(name) = definition(schema) {
        return format!("[{name}](#{})", name.to_lowercase());
    }
    for word in ["anyOf", "oneOf"] {
        if let Some(variants) = schema[word].as_array() {
            let kinds: Vec<_> = variants.iter().filter(|one| one["type"] != "null").map(kind).collect();
            return kinds.join(" or ");
        }
    }
    let kinds = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).filter(|one| *one != "null").collect(),
        _ => vec!["anything"],
    };
    match kinds.as_slice() {
        ["array"] => format!("list of {}", kind(&schema["items"])),
        ["object"] if schema["additionalProperties"].is_object() => {
            format!("mapping of names to {}", kind(&schema["additionalProperties"]))
        }
        ["object"] => "mapping".to_owned(),
        ["integer"] => "whole number".to_owned(),
        ["boolean"] => "`true` or `false`".to_owned(),
        ["string"] => "text".to_owned(),
        others => others.join(" or "),
    }
}

fn definition(schema: &Value) -> Option<String> {
    schema["$ref"].as_str()?.strip_prefix("#/$defs/").map(str::to_owned)
}

/// The definitions that a schema names, in the order of its members.
fn named(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(members) => {
            let own = definition(schema);
            own.into_iter()
                .chain(members.iter().filter(|(name, _)| *name != "$defs").flat_map(|(_, value)| named(value)))
                .collect()
        }
        Value::Array(items) => items.iter().flat_map(named).collect(),
        _ => Vec::new(),
    }
}
