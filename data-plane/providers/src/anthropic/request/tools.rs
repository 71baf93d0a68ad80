//! Tools, and which of them the model may, must or must not call.

use std::borrow::Cow;
use std::collections::HashSet;

use bytes::Bytes;
use ferrogw_llm::object::Object;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{members, unsupported};
use crate::wire::Refusal;

/// What is offered to the model.
#[derive(Default)]
pub(super) struct Tools<'a> {
    pub(super) offered: Vec<Tool<'a>>,
    pub(super) choice: Option<Choice>,
}

/// A function, or one of the API's own tools as the client sent it.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Tool<'a> {
    Function(Box<Offer<'a>>),
    AsSent(&'a RawValue),
}

#[derive(Serialize)]
pub(super) struct Offer<'a> {
    name: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a RawValue>,
    input_schema: Box<RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    strict: Option<bool>,
    #[serde(flatten)]
    extensions: Extensions<'a>,
}

/// Members of the API's own, beside the function or within it.
#[derive(Default, Serialize)]
struct Extensions<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_control: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    defer_loading: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    eager_input_streaming: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input_examples: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Definition<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    function: Option<Function<'a>>,
    #[serde(borrow)]
    custom: Option<&'a RawValue>,
    #[serde(borrow)]
    cache_control: Option<&'a RawValue>,
    #[serde(borrow)]
    defer_loading: Option<&'a RawValue>,
    #[serde(borrow)]
    eager_input_streaming: Option<&'a RawValue>,
    #[serde(borrow)]
    input_examples: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Function<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    description: Option<&'a RawValue>,
    #[serde(borrow)]
    parameters: Option<&'a RawValue>,
    strict: Option<bool>,
    #[serde(borrow)]
    cache_control: Option<&'a RawValue>,
    #[serde(borrow)]
    defer_loading: Option<&'a RawValue>,
    #[serde(borrow)]
    eager_input_streaming: Option<&'a RawValue>,
    #[serde(borrow)]
    input_examples: Option<&'a RawValue>,
}

/// Whether and what the model has to call.
#[derive(Serialize)]
pub(super) struct Choice {
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disable_parallel_tool_use: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Auto,
    None,
    Any,
    Tool,
}

impl<'a> Tools<'a> {
    pub(super) fn read(object: &'a Object) -> Result<Self, Refusal> {
        let definitions: Vec<&RawValue> = members::read(object, "tools", "an array of tools")?.unwrap_or_default();
        let mut offered = Vec::with_capacity(definitions.len());
        for (number, definition) in definitions.into_iter().enumerate() {
            offered.push(tool(definition, &format!("tools[{number}]"))?);
        }
        // A choice among no tools is refused by the API.
        if offered.is_empty() {
            return Ok(Self::default());
        }
        let choice: Option<Value> = members::read(object, "tool_choice", "JSON")?;
        let mut tools = Self { offered, choice: None };
        let mut choice = choice.map(|choice| tools.choose(&choice)).transpose()?;
        if object.read_member("parallel_tool_calls", "true or false")? == Some(false) {
            let choice = choice.get_or_insert(Choice::of(Kind::Auto));
            choice.disable_parallel_tool_use = choice.kind != Kind::None;
        }
        tools.choice = choice;
        Ok(tools)
    }

    /// Whether the model has no choice but to call.
    pub(super) fn is_forced(&self) -> bool {
        self.choice.as_ref().is_some_and(|choice| matches!(choice.kind, Kind::Any | Kind::Tool))
    }

    fn choose(&mut self, choice: &Value) -> Result<Choice, Refusal> {
        let name = choice["function"]["name"].as_str().or(choice["name"].as_str());
        match choice.as_str().or(choice["type"].as_str()) {
            Some("auto") => Ok(Choice::of(Kind::Auto)),
            Some("none") => Ok(Choice::of(Kind::None)),
            Some("required" | "any") => Ok(Choice::of(Kind::Any)),
            Some("function" | "tool") if name.is_some() => Ok(Choice { name: name.map(str::to_owned), ..Choice::of(Kind::Tool) }),
            Some("allowed_tools") => self.allow(&choice["allowed_tools"]),
            _ => Err(unsupported("tool_choice", "must be `auto`, `none`, `required`, a named function or `allowed_tools`")),
        }
    }

    /// The API has no such choice, but tools that are not offered cannot be called.
    fn allow(&mut self, allowed: &Value) -> Result<Choice, Refusal> {
        let names: HashSet<&str> =
            allowed["tools"].as_array().into_iter().flatten().filter_map(|tool| tool["function"]["name"].as_str()).collect();
        self.offered.retain(|tool| match tool {
            Tool::Function(offer) => names.contains(&*offer.name),
            Tool::AsSent(_) => false,
        });
        if self.offered.is_empty() {
            return Err(unsupported("tool_choice.allowed_tools.tools", "must name functions that are among `tools`"));
        }
        Ok(Choice::of(if allowed["mode"] == "required" { Kind::Any } else { Kind::Auto }))
    }
}

impl Choice {
    const fn of(kind: Kind) -> Self {
        Self { kind, name: None, disable_parallel_tool_use: false }
    }
}

fn tool<'a>(raw: &'a RawValue, at: &str) -> Result<Tool<'a>, Refusal> {
    let definition: Definition<'_> =
        serde_json::from_str(raw.get()).map_err(|_| unsupported(at, "must be a tool with a `type` and what belongs to it"))?;
    if definition.custom.is_some() {
        return Err(unsupported(at, "is a custom tool, which this provider does not take; describe it as a function"));
    }
    let function = match (&*definition.kind, definition.function) {
        ("function", Some(function)) => function,
        ("function", None) => return Err(unsupported(format!("{at}.function"), "is required")),
        _ => return Ok(Tool::AsSent(raw)),
    };
    let extensions = Extensions {
        cache_control: definition.cache_control.or(function.cache_control),
        defer_loading: definition.defer_loading.or(function.defer_loading),
        eager_input_streaming: definition.eager_input_streaming.or(function.eager_input_streaming),
        input_examples: definition.input_examples.or(function.input_examples),
    };
    let input_schema = input_schema(function.parameters)
        .ok_or_else(|| unsupported(format!("{at}.function.parameters"), "must be a JSON Schema object"))?;
    let description = function.description.filter(|description| !matches!(description.get(), "null" | "\"\""));
    Ok(Tool::Function(Box::new(Offer { name: function.name, description, input_schema, strict: function.strict, extensions })))
}

/// The schema as it came, since the order of its members steers the model; a schema must say that it is one of an object.
fn input_schema(parameters: Option<&RawValue>) -> Option<Box<RawValue>> {
    let json = parameters.map_or("null", RawValue::get);
    let schema = match Object::read(Bytes::copy_from_slice(json.as_bytes())) {
        _ if json == "null" => r#"{"type":"object","properties":{}}"#.to_owned(),
        Ok(schema) if schema.names().next().is_none() => r#"{"type":"object","properties":{}}"#.to_owned(),
        Ok(schema) if schema.get("type").is_none() => {
            let mut patch = schema.patch();
            patch.set("type", "\"object\"");
            String::from_utf8_lossy(&patch.finish()).into_owned()
        }
        Ok(_) => json.to_owned(),
        Err(_) => return None,
    };
    RawValue::from_string(schema).ok()
}
