//! Messages as turns: instructions apart, tool results within the user's turn, neighbours of one side joined.

use std::borrow::Cow;

use ferrogw_llm::Malformed;
use ferrogw_llm::object::Object;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::block::{Block, Content, Role, Turn};
use super::{members, part, unsupported};
use crate::text::or_empty;
use crate::wire::Refusal;

/// What was said so far.
#[derive(Default)]
pub(super) struct Conversation<'a> {
    /// All instructions, wherever they stood.
    pub(super) system: Vec<Block<'a>>,
    pub(super) turns: Vec<Turn<'a>>,
    /// The last assistant turn calls tools without the thoughts that led to the calls.
    calls_without_thoughts: bool,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    role: Cow<'a, str>,
    #[serde(borrow)]
    content: Option<&'a RawValue>,
    /// What the assistant said instead.
    #[serde(borrow)]
    refusal: Option<&'a RawValue>,
    #[serde(borrow)]
    tool_calls: Option<Vec<Call<'a>>>,
    #[serde(borrow)]
    function_call: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "or_empty")]
    tool_call_id: Cow<'a, str>,
    #[serde(borrow)]
    thinking_blocks: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    content_blocks: Option<Vec<&'a RawValue>>,
    is_error: Option<bool>,
    #[serde(borrow)]
    cache_control: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Call<'a> {
    #[serde(borrow, default, deserialize_with = "or_empty")]
    id: Cow<'a, str>,
    #[serde(borrow)]
    function: Option<Function<'a>>,
}

#[derive(Deserialize)]
struct Function<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "or_empty")]
    arguments: Cow<'a, str>,
}

impl<'a> Conversation<'a> {
    pub(super) fn read(object: &'a Object) -> Result<Self, Refusal> {
        let messages: Vec<&RawValue> = members::read(object, "messages", "an array of messages")?.unwrap_or_default();
        if messages.is_empty() {
            return Err(
                Malformed::Member { name: "messages".into(), detail: "is required; send at least one message".into() }.into()
            );
        }
        let mut conversation = Self::default();
        for (number, message) in messages.into_iter().enumerate() {
            let at = format!("messages[{number}]");
            let message: Message<'_> = serde_json::from_str(message.get()).map_err(|_| Malformed::Member {
                name: at.clone(),
                detail: "must be a message with a `role` and what belongs to it".into(),
            })?;
            conversation.add(message, &at)?;
        }
        Ok(conversation)
    }

    /// Whether the model may think before it goes on: a turn that calls tools must begin with the thoughts that led to the calls,
    /// or the API refuses to think further.
    pub(super) fn can_think(&self) -> bool {
        !self.calls_without_thoughts
    }

    fn add(&mut self, message: Message<'a>, at: &str) -> Result<(), Refusal> {
        match &*message.role {
            "system" | "developer" => {
                let blocks = content(message.content, at)?;
                if blocks.iter().any(|block| !matches!(block, Block::Ours { content: Content::Text { .. }, .. })) {
                    return Err(unsupported(format!("{at}.content"), "must be text, since instructions are"));
                }
                self.system.extend(mark_last(blocks, message.cache_control));
                Ok(())
            }
            "user" => {
                let blocks = content(message.content, at)?;
                self.say(Role::User, mark_last(blocks, message.cache_control));
                Ok(())
            }
            "assistant" => self.add_assistant(message, at),
            "tool" => self.add_result(message, at),
            "function" => Err(unsupported(format!("{at}.role"), "`function` is not supported by this provider; use `tool`")),
            _ => Err(unsupported(format!("{at}.role"), "must be one of `system`, `developer`, `user`, `assistant` and `tool`")),
        }
    }

    fn add_assistant(&mut self, message: Message<'a>, at: &str) -> Result<(), Refusal> {
        if message.function_call.is_some_and(|call| call.get() != "null") {
            return Err(unsupported(format!("{at}.function_call"), "is not supported by this provider; use `tool_calls`"));
        }
        let calls = message.tool_calls.unwrap_or_default();
        let thoughts = message.thinking_blocks.unwrap_or_default();
        self.calls_without_thoughts = !calls.is_empty() && thoughts.is_empty();
        let mut blocks: Vec<Block<'_>> =
            thoughts.into_iter().chain(message.content_blocks.unwrap_or_default()).map(Block::AsSent).collect();
        let said = content(message.content, at)?;
        blocks.extend(if said.is_empty() { content(message.refusal, at)? } else { said });
        for (number, call) in calls.into_iter().enumerate() {
            blocks.push(tool_use(call, &format!("{at}.tool_calls[{number}]"))?);
        }
        self.say(Role::Assistant, mark_last(blocks, message.cache_control));
        Ok(())
    }

    fn add_result(&mut self, message: Message<'a>, at: &str) -> Result<(), Refusal> {
        if message.tool_call_id.is_empty() {
            return Err(unsupported(format!("{at}.tool_call_id"), "is required; it names the call that is answered"));
        }
        let result = Content::ToolResult {
            tool_use_id: call_id(message.tool_call_id),
            content: content(message.content, at)?,
            is_error: message.is_error.unwrap_or(false),
        };
        self.say(Role::User, vec![Block::of(result).cached(message.cache_control)]);
        Ok(())
    }

    fn say(&mut self, role: Role, content: Vec<Block<'a>>) {
        match self.turns.last_mut() {
            _ if content.is_empty() => {}
            Some(turn) if turn.role == role => turn.content.extend(content),
            _ => self.turns.push(Turn { role, content }),
        }
    }
}

fn content<'a>(content: Option<&'a RawValue>, at: &str) -> Result<Vec<Block<'a>>, Refusal> {
    match content {
        Some(content) if content.get() != "null" => part::blocks(content, &format!("{at}.content")),
        _ => Ok(Vec::new()),
    }
}

/// A mark on a message stands on its last block.
fn mark_last<'a>(mut blocks: Vec<Block<'a>>, mark: Option<&'a RawValue>) -> Vec<Block<'a>> {
    if let Some(last) = blocks.pop() {
        blocks.push(last.cached(mark));
    }
    blocks
}

fn tool_use<'a>(call: Call<'a>, at: &str) -> Result<Block<'a>, Refusal> {
    let function =
        call.function.ok_or_else(|| unsupported(at, "must call a function; other tools are not supported by this provider"))?;
    let arguments = match function.arguments.trim() {
        "" => "{}",
        arguments => arguments,
    };
    let input = RawValue::from_string(arguments.to_owned()).ok().filter(|input| input.get().starts_with('{'));
    let input = input.ok_or_else(|| unsupported(format!("{at}.function.arguments"), "must be the text of one JSON object"))?;
    Ok(Block::of(Content::ToolUse { id: call_id(call.id), name: function.name, input }))
}

/// A call's id in letters that the API takes; ids of other providers, in a conversation that moves here, may hold others.
fn call_id(id: Cow<'_, str>) -> Cow<'_, str> {
    let strange = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if id.contains(strange) { Cow::Owned(id.replace(strange, "_")) } else { id }
}
