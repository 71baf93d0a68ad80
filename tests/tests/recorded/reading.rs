//! What an answer says, read from the bytes without any of the gateway's code.

mod anthropic;
mod openai;
mod sse;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::exchange::Exchange;

/// What is compared.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Reading {
    /// The status that the client is told.
    pub(crate) status: u16,
    /// The answer broke off: an error event ended it.
    pub(crate) broken: bool,
    /// By index.
    pub(crate) choices: BTreeMap<u64, Choice>,
    /// Tokens in and out; `None`: nobody said.
    pub(crate) usage: Option<(u64, u64)>,
    /// What a refusal says.
    pub(crate) refusal: Option<String>,
}

/// One choice.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Choice {
    /// The text.
    pub(crate) text: String,
    /// Name and arguments of each tool call, in order.
    pub(crate) calls: Vec<(String, Value)>,
    /// Why it ended.
    pub(crate) finish: Option<String>,
}

impl Reading {
    /// What the vendor said, as a client of the gateway should see it.
    pub(crate) fn of_vendor(exchange: &Exchange) -> Self {
        let (text, status) = (&exchange.response_text, exchange.status);
        if status >= 400 {
            return Self::of_refusal(status, &parsed(text));
        }
        let mut reading = match (exchange.surface.as_str(), exchange.stream) {
            ("messages", true) => anthropic::stream(text),
            ("messages", false) => anthropic::message(&parsed(text)),
            (_, true) => openai::stream(text),
            (_, false) => openai::completion(&parsed(text)),
        };
        reading.status = status;
        reading
    }

    /// What the gateway said.
    pub(crate) fn of_gateway(status: u16, stream: bool, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        if status >= 400 {
            let body = parsed(&text);
            let refusal = (status != 502).then(|| message_of(&body)).flatten();
            return Self { status, refusal, ..Self::default() };
        }
        let mut reading = if stream { openai::stream(&text) } else { openai::completion(&parsed(&text)) };
        reading.status = status;
        reading
    }

    /// One line for each thing that is compared.
    pub(crate) fn lines(&self) -> [String; 3] {
        let outcome = format!("status {}, broken {}, refusal {:?}", self.status, self.broken, self.refusal);
        [outcome, format!("usage {:?}", self.usage), format!("{:?}", self.choices)]
    }

    /// A credential that the vendor refuses is not the caller's; everything else keeps its status and its words.
    fn of_refusal(status: u16, body: &Value) -> Self {
        match status {
            401..=403 => Self { status: 502, ..Self::default() },
            _ => Self { status, refusal: message_of(body), ..Self::default() },
        }
    }
}

fn message_of(body: &Value) -> Option<String> {
    let nested = body["error"]["message"].as_str().or(body["message"].as_str()).or(body["error"].as_str());
    nested.map(str::to_owned)
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// Arguments as a value where they are JSON, so that spelling does not matter; as text where they are not.
fn arguments(text: &str) -> Value {
    serde_json::from_str(if text.trim().is_empty() { "{}" } else { text }).unwrap_or_else(|_| text.into())
}
