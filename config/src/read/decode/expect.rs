//! What the schema expects of a value: the few shapes that its types have.

use serde_json::{Map, Value as Json};

use super::super::tree::Value;
use crate::schema;

/// One thing that a value may be.
pub(super) enum Shape {
    /// Known members.
    Struct { members: &'static Map<String, Json>, required: Vec<&'static str> },
    /// Members of any name.
    Map { values: &'static Json },
    /// Entries of one kind.
    List { items: &'static Json },
    /// One of these names.
    Name { choices: Vec<&'static str> },
    /// A plain value.
    Scalar(Kind),
    /// Whatever it is.
    Anything,
}

/// Kinds of values, as people call them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    Integer,
    Number,
    String,
    List,
    Map,
}

/// All that `schema` allows but null: an optional member that is null is absent.
pub(super) fn shapes(schema: &'static Json) -> Vec<Shape> {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/$defs/")) {
        return shapes(&schema::shared()["$defs"][name]);
    }
    if let Some(alternatives) = schema["anyOf"].as_array() {
        return alternatives.iter().flat_map(shapes).collect();
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        return vec![Shape::Name { choices: choices.iter().filter_map(|choice| choice["const"].as_str()).collect() }];
    }
    match &schema["type"] {
        Json::String(kind) => shape(kind, schema).into_iter().collect(),
        Json::Array(kinds) => kinds.iter().filter_map(|kind| shape(kind.as_str()?, schema)).collect(),
        _ => vec![Shape::Anything],
    }
}

fn shape(kind: &str, schema: &'static Json) -> Option<Shape> {
    Some(match kind {
        "null" => return None,
        "object" => match (schema["properties"].as_object(), &schema["additionalProperties"]) {
            (Some(members), _) => Shape::Struct { members, required: names(&schema["required"]) },
            (None, values) => Shape::Map { values },
        },
        "array" => Shape::List { items: &schema["items"] },
        "boolean" => Shape::Scalar(Kind::Bool),
        "integer" => Shape::Scalar(Kind::Integer),
        "number" => Shape::Scalar(Kind::Number),
        "string" => Shape::Scalar(Kind::String),
        _ => Shape::Anything,
    })
}

fn names(list: &'static Json) -> Vec<&'static str> {
    list.as_array().into_iter().flatten().filter_map(Json::as_str).collect()
}

/// The emptiest value that `schema` allows.
pub(super) fn stand_in(schema: &'static Json) -> Json {
    match shapes(schema).first() {
        Some(Shape::Struct { members, required }) => {
            required.iter().map(|key| ((*key).to_owned(), stand_in(&members[*key]))).collect()
        }
        Some(Shape::Map { .. } | Shape::Scalar(Kind::Map)) => Json::Object(Map::new()),
        Some(Shape::List { .. } | Shape::Scalar(Kind::List)) => Json::Array(Vec::new()),
        Some(Shape::Name { choices }) => choices.first().copied().into(),
        Some(Shape::Scalar(Kind::Bool)) => false.into(),
        Some(Shape::Scalar(Kind::Integer | Kind::Number)) => 0.into(),
        Some(Shape::Scalar(Kind::String)) => "".into(),
        Some(Shape::Scalar(Kind::Null) | Shape::Anything) | None => Json::Null,
    }
}

/// The first sentence of what the schema says about itself.
pub(super) fn description(schema: &'static Json) -> String {
    let text = schema["description"].as_str().unwrap_or_default();
    let end = text.find(". ").unwrap_or(text.len());
    format!("add it: {}", text[..end].trim_end_matches('.'))
}

impl Shape {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Struct { .. } | Self::Map { .. } => Kind::Map,
            Self::List { .. } => Kind::List,
            Self::Name { .. } => Kind::String,
            Self::Scalar(kind) => *kind,
            Self::Anything => Kind::Null,
        }
    }
}

impl Kind {
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::List(_) => Self::List,
            Value::Map(_) => Self::Map,
        }
    }

    /// Whether `value` is of this kind.
    pub(super) fn holds(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Integer, Value::Number(number)) => number.as_i64().is_some(),
            _ => self == Self::of(value),
        }
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Null => "empty",
            Self::Bool => "true or false",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::String => "a string",
            Self::List => "a list",
            Self::Map => "a mapping",
        }
    }
}
