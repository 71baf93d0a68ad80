//! What a text says, before anything is known about its meaning.

use serde_json::Number;

use crate::report::Position;

/// Deepest nesting of lists and mappings; the format needs six, free-form options rarely more.
pub(super) const MAX_DEPTH: usize = 64;

/// Most values in one document, aliases expanded: a few lines of YAML could otherwise fill the memory.
pub(super) const MAX_VALUES: usize = 250_000;

/// Most text that aliases stand for, in bytes: one long text and many aliases of it could fill the memory too.
pub(super) const MAX_EXPANDED: usize = 16 << 20;

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

/// How large a value is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    /// Of how many values it consists, itself included.
    pub(super) values: usize,
    /// How deep these are nested.
    pub(super) depth: usize,
    /// How much text they hold, in bytes.
    pub(super) bytes: usize,
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

    pub(super) fn too_long(at: Position) -> Self {
        let message = format!("aliases stand for more than {} MiB of text", MAX_EXPANDED >> 20);
        Self::new(at, message, "use fewer aliases or split the configuration")
    }
}

impl Node {
    pub(super) fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// How large it is.
    pub(super) fn extent(&self) -> Extent {
        let (scalar, collection) = (Extent { values: 1, depth: 0, bytes: 0 }, Extent { values: 1, depth: 1, bytes: 0 });
        match &self.value {
            Value::List(items) => items.iter().fold(collection, |whole, item| whole.with("", item)),
            Value::Map(members) => members.iter().fold(collection, |whole, member| whole.with(&member.key, &member.value)),
            Value::String(text) => Extent { bytes: text.len(), ..scalar },
            _ => scalar,
        }
    }
}

impl Extent {
    /// With one entry more.
    fn with(self, key: &str, entry: &Node) -> Self {
        let Self { values, depth, bytes } = entry.extent();
        Self { values: self.values + values, depth: self.depth.max(depth + 1), bytes: self.bytes + key.len() + bytes }
    }
}
