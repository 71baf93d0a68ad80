//! What another configuration would change, in a few words for the log. Names only: values may be nobody's business.

use std::collections::BTreeMap;

use ferrogw_config::{Config, Document, Target};
use serde_json::{Map, Value};

/// What putting `other` in force would change.
pub(super) fn between(stored: Option<&Document>, other: &Config) -> String {
    let stored: Map<String, Value> =
        stored.and_then(|document| serde_json::from_slice(document.bytes()).ok()).unwrap_or_default();
    let Ok(Value::Object(other_members)) = serde_json::to_value(other) else { return "everything".to_owned() };
    let names = stored.keys().chain(other_members.keys()).collect::<std::collections::BTreeSet<_>>();
    let mut changes: Vec<String> = names
        .into_iter()
        .filter(|name| stored.get(*name) != other_members.get(*name))
        .map(|name| if name == "targets" { targets(&stored, &other.targets) } else { name.clone() })
        .collect();
    if changes.is_empty() {
        changes.push("nothing but its spelling".to_owned());
    }
    changes.join(", ")
}

/// Which targets would come, go and change.
fn targets(stored: &Map<String, Value>, other: &[Target]) -> String {
    let stored: Vec<Target> =
        stored.get("targets").cloned().and_then(|targets| serde_json::from_value(targets).ok()).unwrap_or_default();
    let (before, after): (BTreeMap<_, _>, BTreeMap<_, _>) = (by_name(&stored), by_name(other));
    let gone = before.keys().filter(|name| !after.contains_key(*name)).map(|name| format!("-{name}"));
    let new = after.keys().filter(|name| !before.contains_key(*name)).map(|name| format!("+{name}"));
    let changed = after.iter().filter(|(name, target)| before.get(*name).is_some_and(|known| known != *target));
    let words: Vec<String> = gone.chain(new).chain(changed.map(|(name, _)| format!("~{name}"))).collect();
    if words.is_empty() { "the order of targets".to_owned() } else { format!("targets ({})", words.join(" ")) }
}

fn by_name(targets: &[Target]) -> BTreeMap<&str, &Target> {
    targets.iter().map(|target| (target.key(), target)).collect()
}
