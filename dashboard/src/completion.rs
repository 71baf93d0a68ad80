//! What can be written where the cursor stands in a configuration, by its JSON Schema.

mod json;
mod place;
mod schema;
mod yaml;

use ferrogw_config::Syntax;
use serde_json::Value;

pub use place::{Place, Wanted};

/// Something that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The word itself.
    pub label: String,
    /// What takes the place of what is typed already.
    pub insert: String,
    /// What it means; empty: nobody says.
    pub about: String,
    /// What kind of value follows a name; empty for values.
    pub kind: &'static str,
}

/// Values that no schema knows: for members of these names, these words.
pub type Known<'a> = [(&'a str, Vec<String>)];

/// Most suggestions.
const MOST: usize = 50;

/// Where the cursor stands; `None`: where nothing can be suggested, as in a remark.
#[must_use]
pub fn place(text: &str, cursor: usize, syntax: Syntax) -> Option<Place> {
    let before = text.get(..cursor)?;
    match syntax {
        Syntax::Yaml => yaml::place(text, before),
        Syntax::Json => json::place(before),
    }
}

/// What can be written there: what begins as what is typed comes first, then what contains it.
#[must_use]
pub fn suggest(schema: &Value, known: &Known<'_>, place: &Place, syntax: Syntax) -> Vec<Suggestion> {
    let found = match &place.wanted {
        Wanted::Name => names(schema, place, syntax),
        Wanted::Value(name) => values(schema, known, place, name, syntax),
    };
    let typed = place.typed.trim_matches(['"', '\'']).to_lowercase();
    let rank = |suggestion: &Suggestion| {
        let label = suggestion.label.to_lowercase();
        if label.starts_with(&typed) { Some(0) } else { label.contains(&typed).then_some(1) }
    };
    let mut ranked: Vec<(u8, Suggestion)> = found.into_iter().filter_map(|found| Some((rank(&found)?, found))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, suggestion)| suggestion).take(MOST).collect()
}

fn names(schema: &Value, place: &Place, syntax: Syntax) -> Vec<Suggestion> {
    let members = schema::members(schema, &place.path);
    let fresh = members.into_iter().filter(|member| !place.present.contains(&member.name));
    fresh
        .map(|member| Suggestion {
            insert: match syntax {
                Syntax::Json => format!("\"{}\": ", member.name),
                Syntax::Yaml => format!("{}:{}", member.name, after_name(member.kind, place.column)),
            },
            label: member.name,
            about: member.about,
            kind: member.kind,
        })
        .collect()
}

/// What follows a name in YAML, so that the value can be typed at once.
fn after_name(kind: &str, column: usize) -> String {
    let inner = " ".repeat(column + 2);
    match kind {
        "object" => format!("\n{inner}"),
        "list" => format!("\n{inner}- "),
        _ => " ".to_owned(),
    }
}

fn values(schema: &Value, known: &Known<'_>, place: &Place, name: &str, syntax: Syntax) -> Vec<Suggestion> {
    let mut path = place.path.clone();
    path.push(name.to_owned());
    let mut words = schema::words(schema, &path);
    let own = known.iter().filter(|(member, _)| *member == name).flat_map(|(_, words)| words);
    words.extend(own.map(|word| (Value::String(word.clone()), String::new())));
    words
        .into_iter()
        .map(|(value, about)| {
            let label = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let insert = if syntax == Syntax::Json { value.to_string() } else { label.clone() };
            Suggestion { label, insert, about, kind: "" }
        })
        .collect()
}

#[cfg(test)]
mod tests;
