//! From a chat request to a Messages request.
//!
//! Three kinds of members: those that are translated or passed; those that only nudge (`seed`, penalties, hints), which are
//! left out and reported; and those that promise something of the answer which this API cannot keep, which are refused by name.

mod block;
mod conversation;
mod data_uri;
mod format;
mod members;
mod output;
mod part;
mod reasoning;
mod sampling;
mod tools;

use std::borrow::Cow;

use ferrogw_llm::object::Object;
use ferrogw_llm::{Malformed, Operation};
use http::{HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::value::RawValue;

use self::block::{Block, Turn};
use self::conversation::Conversation;
use self::format::Format;
use self::members::Passed;
use self::output::Output;
use self::reasoning::{Reasoning, Thinking};
use self::sampling::Sampling;
use self::tools::{Choice, Tools};
use crate::wire::{Call, Encoded, Refusal};

/// What a model may write if neither the client nor the catalog says: every model of this API can do that much.
const DEFAULT_MAX_TOKENS: u64 = 4096;

/// A Messages request.
#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    max_tokens: u64,
    messages: Vec<Turn<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    system: Vec<Block<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<tools::Tool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<Choice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking: Option<Thinking>,
    #[serde(skip_serializing_if = "Output::is_empty")]
    output_config: Output<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stop_sequences: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_tier: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    stream: bool,
    #[serde(flatten)]
    passed: Passed<'a>,
}

#[derive(Serialize)]
struct Metadata {
    user_id: String,
}

pub(super) fn encode(call: &Call<'_>) -> Result<Encoded, Refusal> {
    if call.request.operation() != Operation::Chat {
        return Err(unsupported("model", "is served by this provider for chat only; use POST /v1/chat/completions"));
    }
    let object = call.request.object();
    let mut dropped = members::check(object)?;
    let passed = Passed::read(object)?;
    let mut conversation = Conversation::read(object)?;
    let tools = Tools::read(object)?;
    let limit = token_limit(object)?;
    let known = call.provider.model(call.model);
    if tools.is_forced() && known.is_some_and(|model| !model.forced_calls) {
        return Err(unsupported("tool_choice", "must be `auto`, `none` or left out: this model cannot be made to call a tool"));
    }
    let max_tokens = limit.or(known.map(|model| model.max_output).filter(|most| *most > 0)).unwrap_or(DEFAULT_MAX_TOKENS);
    let reasoning = Reasoning::plan(object, known, max_tokens, tools.is_forced(), conversation.can_think(), &mut dropped)?;
    let format = Format::read(object, &mut conversation.system)?;
    let sampling = Sampling::read(object, reasoning.allows_sampling, &mut dropped)?;
    let body = Body {
        model: call.model,
        max_tokens,
        messages: conversation.turns,
        system: conversation.system,
        tools: tools.offered,
        tool_choice: tools.choice,
        thinking: reasoning.thinking,
        output_config: Output::read(object, reasoning.effort, format, &mut dropped)?,
        temperature: sampling.temperature,
        top_p: sampling.top_p,
        stop_sequences: stop_sequences(object, &mut dropped)?,
        metadata: user(object)?,
        service_tier: service_tier(object, &mut dropped)?,
        stream: call.request.streams(),
        passed: passed.without(if reasoning.allows_sampling { None } else { Some("top_k") }, &mut dropped),
    };
    let body = serde_json::to_vec(&body).map_err(|error| Malformed::NotJson { detail: error.to_string() })?;
    Ok(Encoded { path: "messages", headers: headers(object)?, body: body.into(), dropped })
}

fn headers(object: &Object) -> Result<Vec<(HeaderName, HeaderValue)>, Refusal> {
    let mut headers = vec![(HeaderName::from_static("anthropic-version"), HeaderValue::from_static("2023-06-01"))];
    let betas: Vec<String> = object.read_member("betas", "an array of texts")?.unwrap_or_default();
    if !betas.is_empty() {
        let value =
            HeaderValue::try_from(betas.join(",")).map_err(|_| unsupported("betas", "must hold names of beta features"))?;
        headers.push((HeaderName::from_static("anthropic-beta"), value));
    }
    Ok(headers)
}

fn token_limit(object: &Object) -> Result<Option<u64>, Malformed> {
    let modern = object.read_member("max_completion_tokens", "a positive integer")?;
    Ok(modern.or(object.read_member("max_tokens", "a positive integer")?))
}

/// Blank entries are left out, and reported: the API refuses them.
fn stop_sequences(object: &Object, dropped: &mut Vec<String>) -> Result<Vec<String>, Malformed> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Stop {
        One(String),
        Many(Vec<String>),
    }
    let mut stops = match object.read_member("stop", "a text or an array of texts")? {
        None => Vec::new(),
        Some(Stop::One(stop)) => vec![stop],
        Some(Stop::Many(stops)) => stops,
    };
    let count = stops.len();
    stops.retain(|stop| !stop.trim().is_empty());
    if stops.len() < count {
        dropped.push("stop".to_owned());
    }
    Ok(stops)
}

fn user(object: &Object) -> Result<Option<Metadata>, Malformed> {
    let identifier: Option<String> = object.read_member("safety_identifier", "a text")?;
    let user: Option<String> = object.read_member("user", "a text")?;
    Ok(identifier.or(user).filter(|user| !user.is_empty()).map(|user_id| Metadata { user_id }))
}

fn service_tier(object: &Object, dropped: &mut Vec<String>) -> Result<Option<&'static str>, Malformed> {
    let tier: Option<Cow<'_, str>> = object.read_member("service_tier", "a text")?;
    Ok(match tier.as_deref() {
        None => None,
        Some("auto" | "default") => Some("auto"),
        Some("standard_only") => Some("standard_only"),
        Some(_) => {
            dropped.push("service_tier".to_owned());
            None
        }
    })
}

fn unsupported(param: impl Into<String>, detail: impl Into<String>) -> Refusal {
    Refusal::Unsupported { param: param.into(), detail: detail.into() }
}
