//! Finding one's way in a JSON Schema of the kind that `ferrogw_config::schema` makes.

use serde_json::Value;

/// A member that a mapping may have.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) kind: &'static str,
}

/// The members of the mapping at a path.
pub(super) fn members(root: &Value, path: &[String]) -> Vec<Member> {
    let mut members = Vec::new();
    for schema in at(root, path) {
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            let about = text(member, "description").or_else(|| text(resolve(root, member), "description"));
            members.push(Member { name: name.clone(), about: about.unwrap_or_default(), kind: kind(root, member) });
        }
    }
    members
}

/// The values that the member at a path may have, where there are few.
pub(super) fn words(root: &Value, path: &[String]) -> Vec<(Value, String)> {
    let mut words = Vec::new();
    for schema in at(root, path) {
        let about = || text(schema, "description").unwrap_or_default();
        let single = schema.get("const").into_iter();
        let several = schema["enum"].as_array().into_iter().flatten();
        words.extend(single.chain(several).filter(|value| !value.is_null()).map(|value| (value.clone(), about())));
        if is_of_type(schema, "boolean") {
            words.extend([true, false].map(|value| (value.into(), String::new())));
        }
    }
    words
}

/// Every schema that what stands at a path may follow.
fn at<'a>(root: &'a Value, path: &[String]) -> Vec<&'a Value> {
    let mut schemas = alternatives(root, root);
    for name in path {
        let next = schemas.into_iter().flat_map(|schema| {
            let member = schema["properties"].get(name);
            member.or_else(|| schema.get("additionalProperties").filter(|rest| rest.is_object()))
        });
        schemas = next.flat_map(|schema| alternatives(root, schema)).collect();
    }
    schemas
}

/// A schema's alternatives, references followed and lists entered.
fn alternatives<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let schema = resolve(root, schema);
    let mut found = vec![schema];
    found.extend(choices(schema).flat_map(|choice| alternatives(root, choice)));
    if let Some(items) = schema.get("items") {
        found.extend(alternatives(root, items));
    }
    found
}

fn choices(schema: &Value) -> impl Iterator<Item = &Value> {
    ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|word| schema[word].as_array()).flatten()
}

fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let target = schema["$ref"].as_str().and_then(|reference| root.pointer(reference.trim_start_matches('#')));
    target.unwrap_or(schema)
}

fn kind(root: &Value, schema: &Value) -> &'static str {
    const KINDS: [(&str, &str); 6] = [
        ("object", "object"),
        ("array", "list"),
        ("string", "text"),
        ("boolean", "true or false"),
        ("integer", "number"),
        ("number", "number"),
    ];
    let schema = resolve(root, schema);
    let own = KINDS.into_iter().find(|(name, _)| is_of_type(schema, name)).map(|(_, kind)| kind);
    own.or_else(|| choices(schema).map(|choice| kind(root, choice)).find(|kind| !kind.is_empty())).unwrap_or("")
}

fn is_of_type(schema: &Value, name: &str) -> bool {
    match &schema["type"] {
        Value::String(own) => own == name,
        Value::Array(names) => names.iter().any(|own| own == name),
        _ => false,
    }
}

fn text(schema: &Value, member: &str) -> Option<String> {
    schema[member].as_str().map(str::to_owned)
}
