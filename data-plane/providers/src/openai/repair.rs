//! Mends chunks of providers that leave out what SDKs insist on.
//!
//! Only for providers whose catalog entry says so; everybody else's frames are theirs to spell.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::wire::Call;

/// What has to be the same, or counted, from chunk to chunk.
pub(super) struct Repair {
    id: Value,
    model: Value,
    created: Value,
    /// Alternatives that have had their role.
    begun: Vec<u64>,
    /// The calls of each alternative, by id in order of appearance.
    calls: BTreeMap<u64, Vec<String>>,
}

impl Repair {
    pub(super) fn new(call: &Call<'_>) -> Self {
        Self {
            id: Value::Null,
            model: call.model.into(),
            created: call.now_unix.into(),
            begun: Vec::new(),
            calls: BTreeMap::new(),
        }
    }

    /// The chunk with everything that belongs to one; counts in `repairs` if anything was missing. `None`: it is no object.
    pub(super) fn mend(&mut self, data: &Bytes, repairs: &mut u32) -> Option<Bytes> {
        let original: Value = serde_json::from_slice(data).ok()?;
        let mut chunk = original.clone();
        self.mend_top(chunk.as_object_mut()?);
        if chunk == original {
            return Some(data.clone());
        }
        *repairs += 1;
        Some(chunk.to_string().into())
    }

    fn mend_top(&mut self, chunk: &mut Map<String, Value>) {
        for (name, kept) in [("id", &mut self.id), ("model", &mut self.model), ("created", &mut self.created)] {
            match chunk.get(name).filter(|value| !value.is_null() && **value != "") {
                Some(value) => *kept = value.clone(),
                None => {
                    let value = if kept.is_null() { "chatcmpl-0".into() } else { kept.clone() };
                    chunk.insert(name.to_owned(), value);
                }
            }
        }
        chunk.entry("object").or_insert_with(|| "chat.completion.chunk".into());
        let choices = chunk.entry("choices").or_insert(Value::Null);
        if !choices.is_array() {
            *choices = json!([]);
        }
        for choice in choices.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
            self.mend_choice(choice);
        }
    }

    fn mend_choice(&mut self, choice: &mut Map<String, Value>) {
        let index = choice.entry("index").or_insert_with(|| 0.into()).as_u64().unwrap_or(0);
        choice.entry("finish_reason").or_insert(Value::Null);
        let delta = choice.entry("delta").or_insert_with(|| json!({}));
        let Some(delta) = delta.as_object_mut() else { return };
        // The role stands once, in an alternative's first chunk.
        if self.begun.contains(&index) {
            delta.remove("role");
        } else {
            self.begun.push(index);
            delta.insert("role".to_owned(), "assistant".into());
        }
        let calls = self.calls.entry(index).or_default();
        for call in
            delta.get_mut("tool_calls").and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
        {
            mend_call(call, calls);
        }
    }
}

/// Numbers a call by its id; a piece without id belongs to the call before it.
fn mend_call(call: &mut Map<String, Value>, calls: &mut Vec<String>) {
    let known = match call.get("id").and_then(Value::as_str).filter(|id| !id.is_empty()) {
        Some(id) => calls.iter().position(|known| known == id).unwrap_or_else(|| {
            calls.push(id.to_owned());
            calls.len() - 1
        }),
        None => calls.len().saturating_sub(1),
    };
    if !call.get("index").is_some_and(Value::is_number) {
        call.insert("index".to_owned(), known.into());
    }
    if call.contains_key("id") {
        call.entry("type").or_insert_with(|| "function".into());
    }
}
