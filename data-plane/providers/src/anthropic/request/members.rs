//! The members of a chat request: which are translated, passed, refused, or left out.

use ferrogw_llm::Malformed;
use ferrogw_llm::object::Object;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::unsupported;
use crate::wire::Refusal;

/// Read and written anew by the other modules.
const TRANSLATED: [&str; 21] = [
    "model",
    "messages",
    "max_tokens",
    "max_completion_tokens",
    "temperature",
    "top_p",
    "stop",
    "stream",
    "stream_options",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "user",
    "safety_identifier",
    "response_format",
    "reasoning_effort",
    "output_config",
    "service_tier",
    "betas",
    // Hints about a cache that finds its prefixes by itself.
    "prompt_cache_key",
    "prompt_cache_retention",
];

/// The API's own members, for clients that know to whom they talk: passed as they came.
const PASSED: [&str; 7] =
    ["top_k", "thinking", "cache_control", "container", "context_management", "mcp_servers", "inference_geo"];

/// Promises about the answer that this API cannot keep, and the values with which they promise nothing.
const REFUSED: [(&str, &[&str]); 9] = [
    ("n", &["1"]),
    ("logprobs", &["false"]),
    ("top_logprobs", &["0"]),
    ("logit_bias", &["{}"]),
    ("modalities", &[r#"["text"]"#]),
    ("audio", &[]),
    ("web_search_options", &[]),
    ("functions", &["[]"]),
    ("function_call", &[]),
];

/// How many and how long names are told of what is left out: they come from the client and end in a header.
const TOLD: (usize, usize) = (32, 64);

/// Refuses what cannot be honoured and tells what is left out.
pub(super) fn check(object: &Object) -> Result<Vec<String>, Refusal> {
    let mut dropped = Vec::new();
    for (name, value) in object.members() {
        if value == "null" || TRANSLATED.contains(&name) || PASSED.contains(&name) {
            continue;
        }
        match REFUSED.iter().find(|(refused, _)| *refused == name) {
            None if dropped.len() < TOLD.0 && name.len() <= TOLD.1 => dropped.push(name.to_owned()),
            None => {}
            Some((_, trivial)) if trivial.iter().any(|trivial| same(value, trivial)) => {}
            Some(("functions" | "function_call", _)) => {
                return Err(unsupported(name, "is not supported by this provider; use `tools` and `tool_choice`"));
            }
            Some(_) => return Err(unsupported(name, "is not supported by this provider; leave it out or choose another model")),
        }
    }
    Ok(dropped)
}

fn same(value: &str, other: &str) -> bool {
    let tree = |json| serde_json::from_str::<Value>(json).ok();
    tree(value) == tree(other)
}

/// Whether `json` says just what `value` would be written as.
pub(super) fn says(json: &RawValue, value: &impl Serialize) -> bool {
    serde_json::to_string(value).is_ok_and(|other| same(json.get(), &other))
}

/// Reads a member that may borrow from the body; absent and `null` are `None`.
pub(super) fn read<'a, T: serde::Deserialize<'a>>(
    object: &'a Object,
    name: &str,
    expected: &str,
) -> Result<Option<T>, Malformed> {
    match object.get(name) {
        None | Some("null") => Ok(None),
        Some(json) => serde_json::from_str(json)
            .map(Some)
            .map_err(|_| Malformed::Member { name: name.to_owned(), detail: format!("must be {expected}") }),
    }
}

/// A member's JSON as it came.
pub(super) fn raw<'a>(object: &'a Object, name: &str) -> Result<Option<&'a RawValue>, Malformed> {
    read(object, name, "JSON")
}

/// Members that are passed as they came.
pub(super) struct Passed<'a>(Vec<(&'static str, &'a RawValue)>);

impl<'a> Passed<'a> {
    pub(super) fn read(object: &'a Object) -> Result<Self, Malformed> {
        let mut passed = Vec::new();
        for name in PASSED {
            if let Some(value) = raw(object, name)? {
                passed.push((name, value));
            }
        }
        Ok(Self(passed))
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(passed, _)| *passed == name)
    }

    /// These without the member `name`, which is reported if it was there.
    pub(super) fn without(mut self, name: Option<&str>, dropped: &mut Vec<String>) -> Self {
        if let Some(name) = name.filter(|name| self.has(name)) {
            self.0.retain(|(passed, _)| *passed != name);
            dropped.push(name.to_owned());
        }
        self
    }
}

impl Serialize for Passed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
