//! Spells a request: the client's bytes, patched where the provider wants it otherwise.

mod messages;

use std::borrow::Cow;

use bytes::Bytes;
use ferrogw_config::catalog::{Quirks, StreamUsage, TokenLimit};
use ferrogw_llm::object::{Object, Patch};
use ferrogw_llm::{Operation, Request};

use crate::wire::{Call, Encoded, Refusal};

pub(super) fn encode(call: &Call<'_>) -> Result<Encoded, Refusal> {
    let request = call.request;
    let quirks = &call.provider.quirks;
    let mut patch = request.object().patch();
    if call.model != request.model() {
        patch.set("model", quoted(call.model));
    }
    if request.operation() == Operation::Chat {
        limit_tokens(&mut patch, request.object(), quirks.token_limit);
        if let Some(messages) = messages::respelt(request.object(), quirks)? {
            patch.set("messages", messages);
        }
    }
    if asks_for_usage(request, quirks) {
        patch.set("stream_options", with_usage(request.object().get("stream_options")));
    }
    let mut dropped = Vec::new();
    for name in quirks.drop {
        if request.object().get(name).is_some() {
            patch.remove(name);
            dropped.push((*name).to_owned());
        }
    }
    for (ours, theirs) in quirks.rename {
        patch.rename(ours, theirs);
    }
    Ok(Encoded { path: path(request.operation()), headers: Vec::new(), body: patch.finish(), dropped })
}

fn path(operation: Operation) -> &'static str {
    match operation {
        Operation::Chat => "chat/completions",
        Operation::Completions => "completions",
        Operation::Embeddings => "embeddings",
    }
}

/// Leaves exactly one member that limits the answer where the provider takes only one; the modern one wins if both are there.
fn limit_tokens<'a>(patch: &mut Patch<'a>, object: &'a Object, limit: TokenLimit) {
    const LEGACY: &str = "max_tokens";
    const MODERN: &str = "max_completion_tokens";
    let (keep, other) = match limit {
        TokenLimit::AsSent => return,
        TokenLimit::Modern => (MODERN, LEGACY),
        TokenLimit::Legacy => (LEGACY, MODERN),
    };
    if object.get(other).is_none() {
        return;
    }
    let sent = |name| object.get(name).filter(|value| *value != "null");
    match sent(MODERN).or_else(|| sent(LEGACY)) {
        Some(value) if object.get(keep).is_some() => patch.set(keep, value).remove(other),
        Some(_) => patch.rename(other, keep),
        None => patch.remove(other),
    };
}

/// A streamed answer has no bill unless its usage is asked for.
fn asks_for_usage(request: &Request, quirks: &Quirks) -> bool {
    let countable = matches!(request.operation(), Operation::Chat | Operation::Completions);
    countable && request.streams() && !request.wants_usage_chunk() && quirks.stream_usage == StreamUsage::Request
}

/// The client's stream options with `include_usage` switched on, and everything else as it was.
fn with_usage(options: Option<&str>) -> Cow<'static, str> {
    let patched = options.and_then(|options| Object::read(Bytes::copy_from_slice(options.as_bytes())).ok()).map(|options| {
        let mut patch = options.patch();
        patch.set("include_usage", "true");
        String::from_utf8_lossy(&patch.finish()).into_owned()
    });
    patched.map_or(Cow::Borrowed(r#"{"include_usage":true}"#), Cow::Owned)
}

/// `text` as a JSON string.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
