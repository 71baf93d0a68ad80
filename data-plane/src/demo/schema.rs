//! A value that fits a JSON Schema, as far as tools and structured outputs use them.

use std::cell::Cell;

use serde_json::{Map, Value, json};

/// How many schemas are followed, nested and referred to ones together: a schema may refer to itself.
const MOST: usize = 1_000;

/// How deep they are followed.
const DEPTH: usize = 16;

/// The plainest value that `schema` allows.
pub(super) fn example(schema: &Value) -> Value {
    Example { root: schema, left: Cell::new(MOST) }.of(schema, DEPTH)
}

struct Example<'s> {
    root: &'s Value,
    left: Cell<usize>,
}

impl Example<'_> {
    fn of(&self, schema: &Value, depth: usize) -> Value {
        let left = self.left.get();
        if depth == 0 || left == 0 {
            return Value::Null;
        }
        self.left.set(left - 1);
        if let Some(given) = given(schema) {
            return given.clone();
        }
        if let Some(inner) = self.instead(schema) {
            return self.of(inner, depth - 1);
        }
        match kind(schema) {
            "object" => self.object(schema, depth),
            "array" => self.array(schema, depth),
            "string" => json!("demo"),
            "integer" => schema.get("minimum").filter(|least| least.is_i64()).cloned().unwrap_or(json!(1)),
            "number" => schema.get("minimum").cloned().unwrap_or(json!(1.5)),
            "boolean" => json!(true),
            _ => Value::Null,
        }
    }

    /// The schema that `schema` stands for.
    fn instead<'v>(&'v self, schema: &'v Value) -> Option<&'v Value> {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.root.pointer(reference.strip_prefix('#')?);
        }
        ["anyOf", "oneOf", "allOf"].iter().find_map(|word| schema[*word].as_array()?.first())
    }

    fn object(&self, schema: &Value, depth: usize) -> Value {
        let properties = schema["properties"].as_object().into_iter().flatten();
        let members = properties.map(|(name, property)| (name.clone(), self.of(property, depth - 1)));
        Value::Object(members.collect::<Map<_, _>>())
    }

    fn array(&self, schema: &Value, depth: usize) -> Value {
        let items = schema["minItems"].as_u64().unwrap_or(1).clamp(1, 8);
        (0..items).map(|_| self.of(&schema["items"], depth - 1)).collect()
    }
}

/// A value that the schema itself names.
fn given(schema: &Value) -> Option<&Value> {
    let first = |word: &str| schema.get(word)?.as_array()?.first();
    schema.get("const").or_else(|| schema.get("default")).or_else(|| first("enum")).or_else(|| first("examples"))
}

fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null"),
        _ if schema.get("properties").is_some() => "object",
        _ => "string",
    }
}
