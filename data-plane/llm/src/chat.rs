//! Chat requests, answers and chunks as typed values, for wires, surfaces and plugins that have to look inside.
//!
//! Unknown members survive in `extra` at every level, so nothing is lost by looking.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::object::{Malformed, Object};

/// A chat request. Members that a wire does not translate stay in `extra`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ChatRequest {
    /// The conversation, oldest first.
    pub messages: Vec<Message>,
    /// Functions the model may call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<Tool>>,
    /// Everything else, by name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl ChatRequest {
    pub(crate) fn read(object: &Object) -> Result<Self, Malformed> {
        serde_json::from_slice(object.raw()).map_err(|error| Malformed::NotJson { detail: error.to_string() })
    }
}

/// One message of a conversation.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Message {
    /// `system`, `developer`, `user`, `assistant`, `tool` or `function`.
    pub role: String,
    /// What it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// Calls that an assistant message makes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_calls: Option<Vec<ToolCall>>,
    /// Which call a tool message answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
    /// Everything else, by name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A message's content: plain text or parts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Content {
    /// Plain text.
    Text(String),
    /// Typed parts, as sent; `type` tells them apart.
    Parts(Vec<Map<String, Value>>),
}

/// A tool definition: `function` tools typed, others as they came.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tool {
    /// `function`, `custom`, or a vendor's own.
    #[serde(rename = "type")]
    pub kind: String,
    /// The function, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<Function>,
    /// Everything else, by name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A function that a model may call.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// What it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The JSON Schema of its arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Value>,
    /// Everything else (`strict`, vendor extensions), by name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A call of a function, whole or (in a chunk) a piece of one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ToolCall {
    /// Position among the message's calls; chunks only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// The call's id; only in a chunk's first piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `function`; only in a chunk's first piece.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Which function with which arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<FunctionCall>,
    /// Everything else, by name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A function's name and the JSON text of its arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FunctionCall {
    /// The function; only in a chunk's first piece.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// JSON text, possibly a piece of it.
    #[serde(default)]
    pub arguments: String,
}

/// A whole chat answer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ChatResponse {
    /// The answer's id.
    #[serde(default)]
    pub id: String,
    /// Always `chat.completion`.
    #[serde(default)]
    pub object: String,
    /// Seconds since 1970.
    #[serde(default)]
    pub created: i64,
    /// The model that answered.
    #[serde(default)]
    pub model: String,
    /// The alternatives.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// Tokens, in OpenAI's spelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Value>,
    /// Everything else, by name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// One alternative of a whole answer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Choice {
    /// Its position.
    #[serde(default)]
    pub index: u32,
    /// What the model said.
    #[serde(default)]
    pub message: Message,
    /// Why it stopped.
    pub finish_reason: Option<String>,
    /// Everything else (`logprobs` …), by name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// One chunk of a streamed chat answer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ChatChunk {
    /// The answer's id, the same in every chunk.
    #[serde(default)]
    pub id: String,
    /// Always `chat.completion.chunk`.
    #[serde(default)]
    pub object: String,
    /// Seconds since 1970.
    #[serde(default)]
    pub created: i64,
    /// The model that answers.
    #[serde(default)]
    pub model: String,
    /// What is new in each alternative; empty in the usage chunk.
    #[serde(default)]
    pub choices: Vec<ChunkChoice>,
    /// Tokens, in OpenAI's spelling; at the end only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Value>,
    /// Everything else, by name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// What is new in one alternative.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ChunkChoice {
    /// Its position.
    #[serde(default)]
    pub index: u32,
    /// The new piece.
    #[serde(default)]
    pub delta: Delta,
    /// Why it stopped; `null` in every chunk before.
    #[serde(default)]
    pub finish_reason: Option<String>,
    /// Everything else (`logprobs` …), by name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A piece of a message.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Delta {
    /// `assistant`, in an alternative's first chunk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// More text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// More of the tool calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_calls: Option<Vec<ToolCall>>,
    /// Everything else (`reasoning_content`, `refusal` …), by name.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
