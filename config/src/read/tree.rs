//! What a text says, before anything is known about its meaning.

use serde_json::Number;

use crate::report::Position;

/// Deepest nesting of lists and mappings; the format needs six, free-form options rarely more.
pub(super) const MAX_DEPTH: usize = 64;

/// Most values in one document, aliases expanded: a few lines of YAML could otherwise fill the memory.
pub(super) const MAX_VALUES: usize = 250_000;

/// A value and where it begins.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) at: Position,
    pub(super) value: Value,
}

/// A value; a mapping keeps its order and its duplicates.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    List(Vec<Node>),
    Map(Vec<Member>),
}

/// One entry of a mapping.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// Where the key stands, which is where an issue with the member is looked for.
    pub(super) at: Position,
    pub(super) key: String,
    pub(super) value: Node,
}

/// Why a text is no tree.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) at: Position,
    pub(super) message: String,
    pub(super) hint: String,
}

impl Fault {
    pub(super) fn new(at: Position, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { at, message: message.into(), hint: hint.into() }
    }

    pub(super) fn too_deep(at: Position) -> Self {
        Self::new(at, format!("lists and mappings are nested more than {MAX_DEPTH} deep"), "flatten the document")
    }

    pub(super) fn too_many(at: Position) -> Self {
        let message = format!("the document has more than {MAX_VALUES} values, aliases expanded");
        Self::new(at, message, "use fewer aliases or split the configuration")
    }
}

impl Node {
    pub(super) fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// How many values it consists of, itself included, and how deep they are nested.
    pub(super) fn extent(&self) -> (usize, usize) {
        let join = |(values, depth): (usize, usize), node: &Node| {
            let (more, deeper) = node.extent();
            (values + more, depth.max(deeper + 1))
        };
        match &self.value {
            Value::List(items) => items.iter().fold((1, 1), join),
            Value::Map(members) => members.iter().map(|member| &member.value).fold((1, 1), join),
            _ => (1, 0),
        }
    }
}
