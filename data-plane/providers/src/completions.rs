//! Legacy text completions by way of chat, for providers that have no such surface.
//!
//! Pure, and outside of the wires: who asks decides, and any wire then sees an ordinary chat request.

use std::borrow::Cow;

use bytes::Bytes;
use ferrogw_llm::object::Object;
use ferrogw_llm::{Answer, Chunk, Failure, Malformed, Operation, Request};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::refused;
use crate::wire::Refusal;

/// Members that chat has no word for, and the values with which they ask for nothing.
const UNSAYABLE: [(&str, &[&str]); 4] =
    [("suffix", &["null", "\"\""]), ("best_of", &["null", "1"]), ("logprobs", &["null"]), ("echo", &["null", "false"])];

/// The chat request that asks the same: the prompt as one user message, everything else as it was.
///
/// # Errors
///
/// [`Refusal`] where chat cannot say it; it names the member.
pub fn to_chat(request: &Request) -> Result<Request, Refusal> {
    let object = request.object();
    let mut patch = object.patch();
    for (name, trivial) in UNSAYABLE {
        if object.get(name).is_some_and(|value| !trivial.contains(&value)) {
            return Err(unsupported(name, "is not supported by this model's provider, which serves chat only; leave it out"));
        }
        patch.remove(name);
    }
    patch.remove("prompt").set("messages", as_message(prompt(object)?));
    Ok(Request::read(Operation::Chat, patch.finish())?)
}

/// The text completion that says the same as a chat answer.
///
/// # Errors
///
/// [`Failure`] of class `Malformed` when the body is no chat answer.
pub fn from_chat(answer: Answer) -> Result<Answer, Failure> {
    let body = respell(&answer.body).map_err(|_| refused::malformed("a body that is not a chat answer"))?;
    Ok(Answer { body, ..answer })
}

/// The text completion's chunk that says the same as a chat chunk.
///
/// # Errors
///
/// [`Malformed`] when the data is no chat chunk.
pub fn from_chat_chunk(chunk: &Chunk) -> Result<Chunk, Malformed> {
    let data = respell(&chunk.data).map_err(|error| Malformed::NotJson { detail: error.to_string() })?;
    Ok(Chunk { data, kind: chunk.kind })
}

/// The one prompt, as the JSON of a text.
fn prompt(object: &Object) -> Result<&str, Refusal> {
    let prompt = object.get("prompt").unwrap_or("null");
    let only: Option<&RawValue> =
        serde_json::from_str::<Vec<&RawValue>>(prompt).ok().filter(|list| list.len() == 1).map(|list| list[0]);
    let text = only.map_or(prompt, RawValue::get);
    match text.as_bytes().first() {
        Some(b'"') => Ok(text),
        _ => Err(unsupported(
            "prompt",
            "must be one text for this model, whose provider serves chat only; send several prompts or tokens one by one as text",
        )),
    }
}

fn as_message(prompt: &str) -> String {
    format!(r#"[{{"role":"user","content":{prompt}}}]"#)
}

fn unsupported(param: &str, detail: &str) -> Refusal {
    Refusal::Unsupported { param: param.to_owned(), detail: detail.to_owned() }
}

/// A chat answer or chunk, as far as a completion has a place for it.
#[derive(serde::Deserialize)]
struct Chat<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    created: Option<&'a RawValue>,
    #[serde(borrow)]
    model: Option<&'a RawValue>,
    #[serde(borrow, default)]
    choices: Vec<ChatChoice<'a>>,
    #[serde(borrow)]
    usage: Option<&'a RawValue>,
    #[serde(borrow)]
    system_fingerprint: Option<&'a RawValue>,
}

#[derive(serde::Deserialize)]
struct ChatChoice<'a> {
    #[serde(default)]
    index: u32,
    #[serde(borrow, alias = "delta")]
    message: Option<ChatMessage<'a>>,
    #[serde(borrow)]
    finish_reason: Option<&'a RawValue>,
}

#[derive(serde::Deserialize)]
struct ChatMessage<'a> {
    #[serde(borrow)]
    content: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Completion<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a RawValue>,
    object: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a RawValue>,
    choices: Vec<CompletionChoice<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system_fingerprint: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct CompletionChoice<'a> {
    index: u32,
    text: Cow<'a, str>,
    logprobs: Option<()>,
    finish_reason: Option<&'a RawValue>,
}

fn respell(body: &[u8]) -> Result<Bytes, serde_json::Error> {
    let chat: Chat<'_> = serde_json::from_slice(body)?;
    let choices = chat.choices.iter().map(|choice| CompletionChoice {
        index: choice.index,
        text: choice.message.as_ref().and_then(|message| message.content).map_or(Cow::Borrowed(""), text),
        logprobs: None,
        finish_reason: choice.finish_reason,
    });
    let completion = Completion {
        id: chat.id,
        object: "text_completion",
        created: chat.created,
        model: chat.model,
        choices: choices.collect(),
        usage: chat.usage,
        system_fingerprint: chat.system_fingerprint,
    };
    serde_json::to_vec(&completion).map(Bytes::from)
}

/// A message's text: its content, or the texts among its parts.
fn text(content: &RawValue) -> Cow<'_, str> {
    match serde_json::from_str(content.get()) {
        Ok(Value::String(text)) => Cow::Owned(text),
        Ok(Value::Array(parts)) => Cow::Owned(parts.iter().filter_map(|part| part["text"].as_str()).collect()),
        _ => Cow::Borrowed(""),
    }
}

#[cfg(test)]
mod tests;
