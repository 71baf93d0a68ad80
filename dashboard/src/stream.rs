//! A streamed answer, read as it arrives: server-sent events, and what a chat's chunks say.

use serde_json::Value;

/// Takes bytes apart into events, wherever they were cut.
#[derive(Debug, Default)]
pub struct Events(Vec<u8>);

impl Events {
    /// The data of every event that is complete with these bytes.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<String> {
        self.0.extend_from_slice(bytes);
        let mut events = Vec::new();
        while let Some((end, gap)) = boundary(&self.0) {
            let event: Vec<u8> = self.0.drain(..end + gap).take(end).collect();
            let text = String::from_utf8_lossy(&event);
            let data: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("data:")).map(str::trim_start).collect();
            if !data.is_empty() {
                events.push(data.join("\n"));
            }
        }
        events
    }
}

/// Takes bytes apart into characters, wherever they were cut.
#[derive(Debug, Default)]
pub struct Characters(Vec<u8>);

impl Characters {
    /// The text that is complete with these bytes.
    pub fn feed(&mut self, bytes: &[u8]) -> String {
        self.0.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.0) {
            // The last character has only begun.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.0.len(),
        };
        let rest = self.0.split_off(whole);
        String::from_utf8_lossy(&std::mem::replace(&mut self.0, rest)).into_owned()
    }
}

/// Where the first event ends, and how long the gap behind it is.
fn boundary(bytes: &[u8]) -> Option<(usize, usize)> {
    let find = |gap: &[u8]| bytes.windows(gap.len()).position(|window| window == gap).map(|at| (at, gap.len()));
    [find(b"\n\n"), find(b"\r\n\r\n")].into_iter().flatten().min()
}

/// What an answer has told so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told {
    /// Its text.
    pub text: String,
    /// What the model thought before, where it shows that.
    pub reasoning: String,
    /// Tools that it wants called, as JSON.
    pub tools: Vec<String>,
    /// Why it ended.
    pub finish: Option<String>,
    /// The model that answers.
    pub model: Option<String>,
    /// What was used.
    pub usage: Option<Usage>,
    /// What went wrong in the middle.
    pub error: Option<String>,
}

/// Tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Input.
    pub prompt: u64,
    /// Output.
    pub completion: u64,
}

impl Told {
    /// Takes in an answer, or a chunk of one; chat and legacy completions alike.
    pub fn take(&mut self, value: &Value) {
        if let Some(message) = value["error"]["message"].as_str() {
            self.error = Some(message.to_owned());
        }
        let choice = &value["choices"][0];
        let message = if choice["delta"].is_object() { &choice["delta"] } else { &choice["message"] };
        for text in [&message["content"], &message["refusal"], &choice["text"]] {
            self.text.push_str(text.as_str().unwrap_or_default());
        }
        for text in [&message["reasoning_content"], &message["reasoning"]] {
            self.reasoning.push_str(text.as_str().unwrap_or_default());
        }
        for call in message["tool_calls"].as_array().into_iter().flatten() {
            self.call(call);
        }
        self.finish = choice["finish_reason"].as_str().map(str::to_owned).or(self.finish.take());
        self.model = value["model"].as_str().filter(|model| !model.is_empty()).map(str::to_owned).or(self.model.take());
        if let Some(usage) = value["usage"].as_object() {
            let number = |name: &str| usage.get(name).and_then(Value::as_u64).unwrap_or_default();
            self.usage = Some(Usage { prompt: number("prompt_tokens"), completion: number("completion_tokens") });
        }
    }

    /// A call's name comes first, its arguments in pieces.
    fn call(&mut self, call: &Value) {
        let at = call["index"].as_u64().and_then(|at| usize::try_from(at).ok()).unwrap_or(self.tools.len()).min(64);
        if self.tools.len() <= at {
            self.tools.resize(at + 1, String::new());
        }
        let function = &call["function"];
        if let Some(name) = function["name"].as_str().filter(|name| !name.is_empty()) {
            self.tools[at].push_str(&format!("{name} "));
        }
        self.tools[at].push_str(function["arguments"].as_str().unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_are_found_wherever_the_bytes_are_cut() {
        let stream = "data: {\"a\":\"é\"}\n\n: beat\n\nevent: x\ndata: b\ndata: c\n\ndata: [DONE]\r\n\r\n".as_bytes();
        for size in 1..stream.len() {
            let mut events = Events::default();
            let found: Vec<String> = stream.chunks(size).flat_map(|bytes| events.feed(bytes)).collect();
            assert_eq!(found, ["{\"a\":\"é\"}", "b\nc", "[DONE]"], "{size}");
        }
    }

    #[test]
    fn characters_stay_whole_wherever_the_bytes_are_cut() {
        let text = "é 日本 🐘 \u{fffd}";
        for size in 1..text.len() {
            let mut characters = Characters::default();
            let read: String = text.as_bytes().chunks(size).map(|bytes| characters.feed(bytes)).collect();
            assert_eq!(read, text, "{size}");
        }
        let mut broken = Characters::default();
        assert_eq!(broken.feed(b"a\xff\xe6") + &broken.feed(b"b"), "a\u{fffd}\u{fffd}b");
    }

    #[test]
    fn chunks_add_up_to_the_answer() {
        let mut told = Told::default();
        for chunk in [
            json!({"model": "m", "choices": [{"delta": {"role": "assistant", "content": ""}, "finish_reason": null}]}),
            json!({"choices": [{"delta": {"content": "Hel", "reasoning_content": "hm"}}]}),
            json!({"choices": [{"delta": {"content": "lo"}}]}),
            json!({"choices": [{"delta": {"tool_calls": [{"index": 0, "function": {"name": "f", "arguments": ""}}]}}]}),
            json!({"choices": [{"delta": {"tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]}}]}),
            json!({"choices": [{"delta": {}, "finish_reason": "stop"}]}),
            json!({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}),
        ] {
            told.take(&chunk);
        }
        let usage = Some(Usage { prompt: 3, completion: 2 });
        let (finish, model) = (Some("stop".to_owned()), Some("m".to_owned()));
        let (text, reasoning, tools) = ("Hello".to_owned(), "hm".to_owned(), vec!["f {}".to_owned()]);
        assert_eq!(told, Told { text, reasoning, tools, finish, model, usage, error: None });
    }

    #[test]
    fn a_whole_answer_and_a_failure_are_understood_too() {
        let mut told = Told::default();
        told.take(&json!({"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]}));
        told.take(&json!({"error": {"message": "it broke"}}));
        assert_eq!((told.text.as_str(), told.error.as_deref()), ("Hi", Some("it broke")));
    }
}
