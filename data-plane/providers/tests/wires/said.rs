//! What an answer says, however it was told: whole, or in chunks.

use std::collections::BTreeMap;

use ferrogw_llm::{Answer, Chunk, Observed};
use serde_json::Value;

/// The substance of an answer.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Said {
    /// By index.
    pub(crate) choices: BTreeMap<u64, Choice>,
    /// Why the first alternative stopped, in canonical words.
    pub(crate) finish_reason: Option<String>,
    /// Prompt, completion and cached tokens.
    pub(crate) usage: Option<(u64, u64, u64)>,
}

#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Choice {
    pub(crate) text: String,
    pub(crate) reasoning: String,
    /// Id, name and arguments.
    pub(crate) calls: Vec<(String, String, String)>,
}

impl Said {
    /// Whether both say the same; arguments are compared as the JSON that they are.
    pub(crate) fn amounts_to(mut self, mut other: Self) -> bool {
        for choice in self.choices.values_mut().chain(other.choices.values_mut()) {
            for (_, _, arguments) in &mut choice.calls {
                if let Ok(json) = serde_json::from_str::<Value>(arguments) {
                    *arguments = json.to_string();
                }
            }
        }
        self == other
    }

    fn observed(mut self, observed: &Observed) -> Self {
        self.finish_reason = observed.finish_reason.clone();
        self.usage = observed.usage.map(|usage| (usage.prompt(), usage.output, usage.cache_read));
        self
    }

    /// Adds a message or a delta to an alternative.
    pub(crate) fn add(&mut self, index: u64, message: &Value) {
        let choice = self.choices.entry(index).or_default();
        add_content(choice, &message["content"]);
        let reasoning = message["reasoning_content"].as_str().or(message["reasoning"].as_str());
        choice.reasoning.push_str(reasoning.unwrap_or_default());
        for call in message["tool_calls"].as_array().into_iter().flatten() {
            let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let at = call["index"].as_u64().map_or(choice.calls.len(), |index| usize::try_from(index).expect("a small index"));
            if at >= choice.calls.len() {
                choice.calls.resize_with(at + 1, Default::default);
            }
            let (id, name, arguments) = &mut choice.calls[at];
            id.push_str(&word(&call["id"]));
            name.push_str(&word(&call["function"]["name"]));
            arguments.push_str(&word(&call["function"]["arguments"]));
        }
    }
}

/// Content is a text, or parts with texts and thoughts among them.
fn add_content(choice: &mut Choice, content: &Value) {
    choice.text.push_str(content.as_str().unwrap_or_default());
    for part in content.as_array().into_iter().flatten() {
        choice.text.push_str(part["text"].as_str().unwrap_or_default());
    }
}

/// The substance of a whole answer.
pub(crate) fn of_answer(answer: &Answer) -> Said {
    let body: Value = serde_json::from_slice(&answer.body).expect("an answer is JSON");
    let mut said = Said::default();
    for choice in body["choices"].as_array().expect("choices") {
        said.add(choice["index"].as_u64().unwrap_or(0), &choice["message"]);
    }
    said.observed(&answer.observed)
}

/// The substance of a streamed answer.
pub(crate) fn of_chunks(chunks: &[Chunk], observed: &Observed) -> Said {
    let mut said = Said::default();
    for chunk in chunks {
        let chunk: Value = serde_json::from_slice(&chunk.data).expect("a chunk is JSON");
        for choice in chunk["choices"].as_array().into_iter().flatten() {
            said.add(choice["index"].as_u64().unwrap_or(0), &choice["delta"]);
        }
    }
    said.observed(observed)
}
