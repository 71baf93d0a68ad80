//! YAML 1.2 into the tree: one document, aliases expanded within a bound, `<<` merged.

mod scalar;

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use super::tree::{Extent, Fault, MAX_DEPTH, MAX_EXPANDED, MAX_VALUES, Member, Node, Value};
use crate::report::Position;

/// The tree of `text`; `None`: there is nothing in it.
pub(super) fn parse(text: &str) -> Result<Option<Node>, Fault> {
    let mut builder = Builder::default();
    let mut documents = 0;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let message = format!("this is not YAML: {}", error.info());
            Fault::new(position(error.marker()), message, "look at the indentation, quotes and brackets here and just before")
        })?;
        let at = position(&span.start);
        if matches!(event, Event::DocumentStart(_)) {
            documents += 1;
            if documents > 1 {
                return Err(Fault::new(at, "a second document begins here", "keep one document, and remove the `---` line"));
            }
        }
        builder.take(event, at)?;
    }
    Ok(builder.root)
}

fn position(marker: &Marker) -> Position {
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    Position { line: number(marker.line().max(1)), column: number(marker.col()).saturating_add(1) }
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    values: usize,
    /// How much text aliases stood for so far, in bytes.
    expanded: usize,
    root: Option<Node>,
}

/// A list or mapping whose end has not come yet.
struct Open {
    at: Position,
    anchor: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { members: Vec<Member>, key: Option<(Position, String)> },
}

impl Builder {
    fn take(&mut self, event: Event<'_>, at: Position) -> Result<(), Fault> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = known_tag(tag.as_deref(), at)?;
                let value = match self.open.last() {
                    // A key is text, whatever it looks like.
                    Some(Open { content: Content::Map { key: None, .. }, .. }) => Value::String(text.into_owned()),
                    _ => scalar::value(&text, style == ScalarStyle::Plain, tag, at)?,
                };
                self.add(Node { at, value }, anchor)
            }
            Event::Alias(anchor) => self.expand(anchor, at),
            Event::SequenceStart(anchor, tag) => self.begin(at, anchor, tag.as_deref(), Content::List(Vec::new())),
            Event::MappingStart(anchor, tag) => {
                self.begin(at, anchor, tag.as_deref(), Content::Map { members: Vec::new(), key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            _ => Ok(()),
        }
    }

    fn begin(&mut self, at: Position, anchor: usize, tag: Option<&Tag>, content: Content) -> Result<(), Fault> {
        known_tag(tag, at)?;
        if self.open.len() == MAX_DEPTH {
            return Err(Fault::too_deep(at));
        }
        self.open.push(Open { at, anchor, content });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Fault> {
        let Some(Open { at, anchor, content }) = self.open.pop() else { return Ok(()) };
        let value = match content {
            Content::List(items) => Value::List(items),
            Content::Map { members, .. } => Value::Map(merge(members)?),
        };
        self.add(Node { at, value }, anchor)
    }

    fn expand(&mut self, anchor: usize, at: Position) -> Result<(), Fault> {
        let Some(Extent { values, depth, bytes }) = self.anchors.get(&anchor).map(Node::extent) else {
            return Err(Fault::new(at, "an alias stands inside of the value that it means", "write the value out"));
        };
        if self.open.len() + depth > MAX_DEPTH {
            return Err(Fault::too_deep(at));
        }
        self.grow(values - 1, bytes, at)?;
        let node = self.anchors[&anchor].clone();
        self.add(node, 0)
    }

    /// Counts what is held more often than it was written.
    fn grow(&mut self, values: usize, bytes: usize, at: Position) -> Result<(), Fault> {
        self.values += values;
        self.expanded += bytes;
        match () {
            () if self.values > MAX_VALUES => Err(Fault::too_many(at)),
            () if self.expanded > MAX_EXPANDED => Err(Fault::too_long(at)),
            () => Ok(()),
        }
    }

    /// Puts a finished value where it belongs: the list or mapping that is open, or the root.
    fn add(&mut self, node: Node, anchor: usize) -> Result<(), Fault> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(Fault::too_many(node.at));
        }
        if anchor > 0 {
            // It is kept a second time, and what stands in it with an anchor of its own once more each time.
            let Extent { values, bytes, .. } = node.extent();
            self.grow(values - 1, bytes, node.at)?;
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map { members, key }) => match key.take() {
                Some((at, key)) => members.push(Member { at, key, value: node }),
                None => *key = Some((node.at, key_text(node)?)),
            },
        }
        Ok(())
    }
}

fn key_text(node: Node) -> Result<String, Fault> {
    match node.value {
        Value::String(text) => Ok(text),
        _ => Err(Fault::new(node.at, "a key is not text", "write a name as the key")),
    }
}

/// What `<<` brings in: members of the mappings it names that are not given here.
fn merge(members: Vec<Member>) -> Result<Vec<Member>, Fault> {
    let (merges, mut members): (Vec<_>, Vec<_>) = members.into_iter().partition(|member| member.key == "<<");
    let mut known: HashSet<String> =
        merges.first().map(|_| members.iter().map(|member| member.key.clone()).collect()).unwrap_or_default();
    for Member { at, value, .. } in merges {
        let sources = match value.value {
            Value::List(items) => items,
            _ => vec![value],
        };
        for source in sources {
            let Value::Map(more) = source.value else {
                return Err(Fault::new(at, "`<<` takes a mapping", "write an alias of a mapping after it"));
            };
            members.extend(more.into_iter().filter(|member| known.insert(member.key.clone())));
        }
    }
    Ok(members)
}

/// Tags of the core schema are known; any other would have to mean something to us.
fn known_tag(tag: Option<&Tag>, at: Position) -> Result<Option<&str>, Fault> {
    match tag {
        None => Ok(None),
        Some(tag) if tag.is_yaml_core_schema() => Ok(Some(&tag.suffix)),
        Some(tag) if tag.handle.is_empty() && tag.suffix == "!" => Ok(Some("str")),
        Some(tag) => Err(Fault::new(at, format!("the tag `{tag}` means nothing here"), "remove it")),
    }
}
