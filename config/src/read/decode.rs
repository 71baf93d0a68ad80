//! From the tree to the typed configuration, against the schema of the types: every unknown key, wrong type, wrong name and
//! missing key is reported, not the first alone.

mod expect;

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value as Json};

use self::expect::{Kind, Shape};
use super::tree::{Member, Node, Value};
use crate::path::Path;
use crate::report::Report;
use crate::{Config, schema, suggest};

/// The configuration that `root` spells, and the paths of what is wrong with it.
///
/// Where something is wrong or missing, something empty stands in, so that all rules can be checked at once; what they find
/// wrong with a stand-in is nobody's news.
pub(super) fn config(root: &Node, report: &mut Report) -> (Config, Vec<String>) {
    let mut decoder = Decoder { report, meant: HashSet::new() };
    let schema = schema::shared();
    let value = decoder.typed(&Path::ROOT, root, schema).unwrap_or_else(|| expect::stand_in(schema));
    let mut causes: Vec<String> = decoder.meant.into_iter().collect();
    causes.extend(report.error_paths());
    let config = serde_json::from_value(value).unwrap_or_else(|error| {
        report.error(&Path::ROOT, format!("the configuration cannot be read: {error}"), "hold it against the example");
        causes.push(String::new());
        Config::default()
    });
    (config, causes)
}

struct Decoder<'r> {
    report: &'r mut Report,
    /// Where the keys would stand that a misspelt one was taken for, as far as that was reported.
    meant: HashSet<String>,
}

impl Decoder<'_> {
    /// The value at `node`; `None` where nothing is said or what is said is wrong and was reported.
    fn typed(&mut self, path: &Path<'_>, node: &Node, schema: &'static Json) -> Option<Json> {
        let shapes = expect::shapes(schema);
        if shapes.iter().any(|shape| matches!(shape, Shape::Anything)) {
            return Some(self.free(path, node));
        }
        let shape = match (shapes.iter().find(|shape| shape.kind().holds(&node.value)), &node.value) {
            (Some(shape), _) => shape,
            (None, Value::Null) => return None,
            (None, value) => {
                self.wrong_type(path, &shapes, value);
                return None;
            }
        };
        match (shape, &node.value) {
            (Shape::Struct { members, required }, Value::Map(given)) => Some(self.record(path, given, members, required)),
            (Shape::Map { values }, Value::Map(given)) => Some(self.map(path, given, values)),
            (Shape::List { items }, Value::List(given)) => Some(self.list(path, given, items)),
            (Shape::Name { choices }, Value::String(given)) => self.name(path, given, choices),
            _ => Some(self.free(path, node)),
        }
    }

    fn record(
        &mut self,
        path: &Path<'_>,
        given: &[Member],
        members: &'static Map<String, Json>,
        required: &[&'static str],
    ) -> Json {
        let mut value = Map::new();
        let keys: HashSet<&str> = given.iter().map(|member| member.key.as_str()).collect();
        for Member { key, value: node, .. } in self.without_repeats(path, given) {
            match members.get(key) {
                Some(schema) => value.extend(self.typed(&path.key(key), node, schema).map(|value| (key.clone(), value))),
                None => {
                    let full = self.report.is_full();
                    let nearest = self.unknown_key(path, key, members);
                    let meant = nearest.filter(|nearest| !full && !keys.contains(nearest));
                    self.meant.extend(meant.map(|meant| path.key(meant).to_string()));
                }
            }
        }
        for key in required {
            let schema = &members[*key];
            if value.get(*key).is_none() {
                value.insert((*key).to_owned(), expect::stand_in(schema));
                let said = given.iter().any(|member| member.key == *key && !member.value.is_null());
                let path = path.key(key);
                if !said && !self.meant.contains(&path.to_string()) {
                    self.report.error(&path, "is missing", expect::description(schema));
                }
            }
        }
        Json::Object(value)
    }

    /// Reports a key that is not one; the nearest that is, if one is near.
    fn unknown_key(&mut self, path: &Path<'_>, key: &str, members: &'static Map<String, Json>) -> Option<&'static str> {
        let nearest = suggest::nearest(key, members.keys().map(String::as_str));
        let hint = match nearest {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("remove it; known here: {}", members.keys().map(String::as_str).collect::<Vec<_>>().join(", ")),
        };
        self.report.error(&path.key(key), format!("unknown key `{key}`"), hint);
        nearest
    }

    fn map(&mut self, path: &Path<'_>, given: &[Member], values: &'static Json) -> Json {
        let members = self.without_repeats(path, given);
        Json::Object(
            members
                .into_iter()
                .filter_map(|Member { key, value: node, .. }| {
                    let path = path.key(key);
                    let value = self.typed(&path, node, values);
                    if value.is_none() && node.is_null() {
                        self.report.error(&path, "has no value", "write one, or remove the key");
                    }
                    value.map(|value| (key.clone(), value))
                })
                .collect(),
        )
    }

    fn list(&mut self, path: &Path<'_>, given: &[Node], items: &'static Json) -> Json {
        let mut list = Vec::with_capacity(given.len());
        for (index, node) in given.iter().enumerate() {
            let path = path.index(index);
            self.report.place(&path, node.at);
            let value = self.typed(&path, node, items);
            if value.is_none() && node.is_null() {
                self.report.error(&path, "the entry is empty", "write it, or remove the dash");
            }
            // Left out, it would shift all others.
            list.push(value.unwrap_or_else(|| expect::stand_in(items)));
        }
        Json::Array(list)
    }

    /// One of a closed set of names; an empty one says nothing.
    fn name(&mut self, path: &Path<'_>, given: &str, choices: &[&'static str]) -> Option<Json> {
        if given.is_empty() || choices.contains(&given) {
            return (!given.is_empty()).then(|| given.into());
        }
        let hint = match suggest::nearest(given, choices.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("one of: {}", choices.join(", ")),
        };
        self.report.error(path, format!("`{given}` is unknown here"), hint);
        None
    }

    /// A value that nobody but its reader knows the shape of, kept as it is.
    fn free(&mut self, path: &Path<'_>, node: &Node) -> Json {
        match &node.value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(number) => Json::Number(number.clone()),
            Value::String(text) => Json::String(text.clone()),
            Value::List(items) => items.iter().enumerate().map(|(index, node)| self.free(&path.index(index), node)).collect(),
            Value::Map(given) => {
                let members = self.without_repeats(path, given);
                members.into_iter().map(|Member { key, value, .. }| (key.clone(), self.free(&path.key(key), value))).collect()
            }
        }
    }

    /// The members, the first of each key; a second one is reported.
    fn without_repeats<'a>(&mut self, path: &Path<'_>, given: &'a [Member]) -> Vec<&'a Member> {
        let mut first: HashMap<&str, u32> = HashMap::with_capacity(given.len());
        let mut members = Vec::with_capacity(given.len());
        for member in given {
            let path = path.key(&member.key);
            if let Some(line) = first.get(member.key.as_str()) {
                self.report.place(&path, member.at);
                let message = format!("`{}` is given a second time, after line {line}", member.key);
                self.report.error(&path, message, "keep one of the two");
            } else {
                first.insert(&member.key, member.at.line);
                self.report.place(&path, member.at);
                members.push(member);
            }
        }
        members
    }

    fn wrong_type(&mut self, path: &Path<'_>, shapes: &[Shape], value: &Value) {
        let due: Vec<_> = shapes.iter().map(|shape| shape.kind().words()).collect();
        let is = Kind::of(value);
        let hint = match (shapes, value) {
            ([shape], Value::Number(_) | Value::Bool(_)) if shape.kind() == Kind::String => "put it in quotes",
            ([shape], Value::String(_)) if matches!(shape.kind(), Kind::Number | Kind::Integer | Kind::Bool) => {
                "write it without quotes"
            }
            ([shape], Value::String(_) | Value::Map(_)) if shape.kind() == Kind::List => "write `- ` in front of each entry",
            ([shape], Value::Number(_)) if shape.kind() == Kind::Integer => "no decimals, and no more than eighteen digits",
            _ => "see the example configuration for its shape",
        };
        self.report.error(path, format!("must be {}, is {}", due.join(" or "), is.words()), hint);
    }
}
