//! From a message to a chat answer.

use std::borrow::Cow;

use ferrogw_llm::{Answer, Failure, Observed};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::said::{Annotation, Call as ToolCall, End, Function, Said, Verbatim, Words, service_tier};
use super::usage::Tally;
use crate::refused;
use crate::text::{Text, or_empty};
use crate::wire::Call;

/// A message, as the API answers it.
#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    model: Cow<'a, str>,
    #[serde(borrow)]
    content: Vec<&'a RawValue>,
    #[serde(borrow)]
    stop_reason: Option<Text<'a>>,
    #[serde(borrow)]
    stop_sequence: Option<&'a RawValue>,
    #[serde(borrow)]
    stop_details: Option<&'a RawValue>,
    #[serde(borrow)]
    usage: Option<&'a RawValue>,
    #[serde(borrow)]
    container: Option<&'a RawValue>,
    #[serde(borrow)]
    context_management: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Block<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "or_empty")]
    text: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "or_empty")]
    thinking: Cow<'a, str>,
    #[serde(borrow)]
    citations: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    input: Option<&'a RawValue>,
}

/// A chat answer.
#[derive(Serialize)]
struct Completion<'a> {
    id: &'a str,
    object: &'static str,
    created: i64,
    model: &'a str,
    choices: [Choice<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_tier: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_management: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Choice<'a> {
    index: u32,
    message: Spoken<'a>,
    logprobs: Option<()>,
    #[serde(flatten)]
    end: End<'a>,
}

#[derive(Serialize)]
struct Spoken<'a> {
    role: &'static str,
    content: Option<String>,
    refusal: Option<()>,
    #[serde(flatten)]
    said: Said<'a>,
}

pub(super) fn decode(call: &Call<'_>, body: &[u8]) -> Result<Answer, Failure> {
    if body.trim_ascii().is_empty() {
        return Err(refused::malformed("an empty body"));
    }
    let text = std::str::from_utf8(body).map_err(|_| refused::malformed("a body that is not UTF-8"))?;
    let message: Message<'_> = serde_json::from_str(text).map_err(|_| no_message(text))?;
    let spoken = spoken(&message.content).map_err(|_| refused::malformed("a message whose content cannot be read"))?;
    let mut tally = Tally::default();
    if let Some(usage) = message.usage {
        tally.hear(usage);
    }
    let end = End::new(message.stop_reason.map(|reason| reason.0), message.stop_sequence, message.stop_details);
    let observed = Observed {
        id: Some(message.id.clone().into_owned()),
        model: Some(message.model.clone().into_owned()),
        usage: tally.usage(),
        finish_reason: end.finish_reason.as_deref().map(str::to_owned),
        other_tier: tally.is_of_other_tier(),
        repairs: 0,
    };
    let completion = Completion {
        id: &message.id,
        object: "chat.completion",
        created: call.now_unix,
        model: &message.model,
        choices: [Choice { index: 0, message: spoken, logprobs: None, end }],
        usage: tally.to_canonical(),
        service_tier: tally.service_tier().map(service_tier),
        container: message.container,
        context_management: message.context_management,
    };
    let body = serde_json::to_vec(&completion).map_err(|_| refused::malformed("a message that cannot be spelt anew"))?;
    Ok(Answer { body: body.into(), observed })
}

/// A 2xx body that is no message: the error that it reports, or nothing that anybody knows.
fn no_message(text: &str) -> Failure {
    match serde_json::from_str::<Value>(text) {
        Ok(json) if !json["error"].is_null() => refused::read_inside(&json),
        _ => refused::malformed("a body that is not a message"),
    }
}

fn spoken<'a>(blocks: &[&'a RawValue]) -> Result<Spoken<'a>, serde_json::Error> {
    let mut content: Option<String> = None;
    let mut characters = 0;
    let mut thoughts = String::new();
    let mut said = Said::default();
    for raw in blocks {
        let block: Block<'_> = serde_json::from_str(raw.get())?;
        match &*block.kind {
            "text" => {
                let start = characters;
                characters += block.text.chars().count();
                content.get_or_insert_default().push_str(&block.text);
                let citations = block.citations.unwrap_or_default();
                said.annotations.extend(citations.iter().filter_map(|citation| Annotation::read(citation, start, characters)));
                said.citations.extend(citations.into_iter().map(Verbatim::Sent));
            }
            "thinking" => {
                thoughts.push_str(&block.thinking);
                said.thinking_blocks.push(Verbatim::Sent(raw));
            }
            "redacted_thinking" => said.thinking_blocks.push(Verbatim::Sent(raw)),
            "tool_use" => said.tool_calls.push(tool_call(&block)),
            _ => said.content_blocks.push(Verbatim::Sent(raw)),
        }
    }
    if content.is_none() && said.tool_calls.is_empty() {
        content = Some(String::new());
    }
    said.reasoning_content = (!thoughts.is_empty()).then(|| Words::Text(thoughts.into()));
    Ok(Spoken { role: "assistant", content, refusal: None, said })
}

fn tool_call<'a>(block: &Block<'a>) -> ToolCall<'a> {
    let arguments = Words::Text(block.input.map_or("{}", RawValue::get).into());
    ToolCall { index: None, id: block.id, kind: Some("function"), function: Function { name: block.name, arguments } }
}
