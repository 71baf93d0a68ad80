//! What the demo says: a friendly text, a value that fits a schema, or a tool call.

use ferrogw_llm::chat::{Content, Function, Message, Tool};
use serde_json::{Value, json};

use super::chat::ChatRequest;
use super::{schema, tokens};

/// Longest piece of the prompt that is repeated, in characters.
const ECHO: usize = 200;

/// Shortest part of a tool's name that counts as asking for it, in bytes.
const TELLING: usize = 4;

/// What the demo answers to a chat.
pub(super) enum Answer {
    /// Words, or JSON where the request asked for it.
    Text {
        /// The text.
        text: String,
        /// Whether it ends where `max_tokens` said.
        cut: bool,
    },
    /// A call of a tool, with arguments that fit its schema.
    Call {
        /// The function's name.
        name: String,
        /// JSON text.
        arguments: String,
    },
}

impl Answer {
    pub(super) fn to(request: &ChatRequest) -> Self {
        if let Some(function) = asked_for(request) {
            let arguments = function.parameters.as_ref().map_or_else(|| json!({}), schema::example);
            return Self::Call { name: function.name.clone(), arguments: arguments.to_string() };
        }
        let text = match request.response_format.as_ref().and_then(structured) {
            Some(value) => value.to_string(),
            None => words(&request.messages),
        };
        cut(text, request.limit())
    }

    /// Why it ends.
    pub(super) fn finish_reason(&self) -> &'static str {
        match self {
            Self::Text { cut: false, .. } => "stop",
            Self::Text { cut: true, .. } => "length",
            Self::Call { .. } => "tool_calls",
        }
    }

    pub(super) fn tokens(&self) -> usize {
        match self {
            Self::Text { text, .. } => tokens(text),
            Self::Call { name, arguments } => tokens(name) + tokens(arguments),
        }
    }
}

/// A text of at most `limit` tokens.
pub(super) fn cut(mut text: String, limit: Option<usize>) -> Answer {
    let bytes = limit.unwrap_or(usize::MAX).saturating_mul(4);
    let cut = text.len() > bytes;
    if cut {
        text.truncate(text.floor_char_boundary(bytes));
    }
    Answer::Text { text, cut }
}

/// The friendly text, with the prompt repeated.
pub(super) fn greeting(prompt: &str) -> String {
    let mut echo: String = prompt.chars().take(ECHO).collect();
    if echo.len() < prompt.len() {
        echo.push('…');
    }
    format!(
        "Hello from ferrogw's built-in demo: no model was asked. You said: \"{echo}\". \
         To reach a real model, set a provider's credential, such as OPENAI_API_KEY, and start the gateway again."
    )
}

fn words(messages: &[Message]) -> String {
    match messages.last() {
        Some(last) if last.role == "tool" => {
            format!("Hello from ferrogw's built-in demo: no model was asked. Your tool answered: \"{}\".", text(last))
        }
        _ => greeting(&prompt(messages)),
    }
}

/// What the user said last.
fn prompt(messages: &[Message]) -> String {
    messages.iter().rev().find(|message| message.role == "user").map(text).unwrap_or_default()
}

/// A message's text, parts put together.
pub(super) fn text(message: &Message) -> String {
    match &message.content {
        Some(Content::Text(text)) => text.clone(),
        Some(Content::Parts(parts)) => parts.iter().filter_map(|part| part.get("text")?.as_str()).collect(),
        None => String::new(),
    }
}

/// The value that `response_format` asks for.
fn structured(format: &Value) -> Option<Value> {
    match format["type"].as_str()? {
        "json_schema" => Some(schema::example(&format["json_schema"]["schema"])),
        "json_object" => Some(json!({"demo": true})),
        _ => None,
    }
}

/// The function that is to be called: one that is required, or one whose name the prompt mentions; none after a tool's answer.
fn asked_for(request: &ChatRequest) -> Option<&Function> {
    let mut functions = request.tools.iter().flatten().filter_map(function);
    if request.messages.last().is_some_and(|message| message.role == "tool") {
        return None;
    }
    match &request.tool_choice {
        Some(Value::String(choice)) if choice == "none" => None,
        Some(Value::String(choice)) if choice == "required" => functions.next(),
        Some(Value::Object(choice)) => {
            let name = choice.get("function")?.get("name")?.as_str()?;
            functions.find(|function| function.name == name)
        }
        _ => {
            let prompt = prompt(&request.messages).to_lowercase();
            functions.find(|function| is_mentioned(&function.name, &prompt))
        }
    }
}

fn function(tool: &Tool) -> Option<&Function> {
    tool.function.as_ref()
}

/// Whether `prompt` holds a telling part of the name: "weather" asks for `get_weather`.
fn is_mentioned(name: &str, prompt: &str) -> bool {
    let parts = name.split(|letter: char| !letter.is_alphanumeric());
    parts.filter(|part| part.len() >= TELLING).any(|part| prompt.contains(&part.to_lowercase()))
}
