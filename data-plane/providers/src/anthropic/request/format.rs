//! `response_format`: the shape of the answer.

use std::borrow::Cow;

use ferrogw_llm::object::Object;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::block::Block;
use super::{members, unsupported};
use crate::wire::Refusal;

/// Structured output. Models that are too old for it say so themselves; a forced tool call in its place would be another answer.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Format<'a> {
    JsonSchema { schema: &'a RawValue },
}

#[derive(Deserialize)]
struct ResponseFormat<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    json_schema: Option<Named<'a>>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    schema: Option<&'a RawValue>,
}

impl<'a> Format<'a> {
    /// A schema for the answer. JSON without a schema has no switch in this API, so the model is told.
    pub(super) fn read(object: &'a Object, system: &mut Vec<Block<'a>>) -> Result<Option<Self>, Refusal> {
        let Some(format) = members::read::<ResponseFormat<'_>>(object, "response_format", "an object with a `type`")? else {
            return Ok(None);
        };
        match (&*format.kind, format.json_schema.and_then(|named| named.schema)) {
            ("text", _) => Ok(None),
            ("json_object", _) => {
                system.push(Block::text("Answer with one JSON object and nothing else."));
                Ok(None)
            }
            ("json_schema", Some(schema)) => Ok(Some(Self::JsonSchema { schema })),
            ("json_schema", None) => Err(unsupported("response_format.json_schema.schema", "is required")),
            _ => Err(unsupported(
                "response_format.type",
                "is not supported by this provider; use `text`, `json_object` or `json_schema`",
            )),
        }
    }
}
