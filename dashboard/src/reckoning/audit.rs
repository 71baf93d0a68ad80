//! What an entry of the audit trail says of a change: between which versions it lies, and what was and is.

use serde_json::Value;

/// A member that was changed, its values as people read them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// What it is called.
    pub member: String,
    /// What it was; `None`: nothing.
    pub before: Option<String>,
    /// What it is since; `None`: nothing.
    pub after: Option<String>,
}

/// The versions of the configuration before and after a change; 0: there was none before. `None`: it is about something else.
#[must_use]
pub fn versions(detail: &Value) -> Option<(u64, u64)> {
    Some((detail["previous"].as_u64()?, detail["generation"].as_u64()?))
}

/// What was changed, member by member.
#[must_use]
pub fn changed(detail: &Value) -> Vec<Changed> {
    let members = detail["changed"].as_object().into_iter().flatten();
    let changed = members.map(|(member, values)| Changed {
        member: member.replace('_', " "),
        before: plain(&values["before"]),
        after: plain(&values["after"]),
    });
    changed.collect()
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => Some(items.iter().filter_map(plain).collect::<Vec<_>>().join(", ")),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_of_the_configuration_lies_between_two_versions() {
        assert_eq!(versions(&json!({ "previous": 6, "generation": 7, "digest": "ab" })), Some((6, 7)));
        assert_eq!(versions(&json!({ "previous": 0, "generation": 1 })), Some((0, 1)));
        assert_eq!(versions(&json!({ "reason": "version_not_found" })), None);
        assert_eq!(versions(&Value::Null), None);
    }

    #[test]
    fn changed_members_are_told_with_what_they_were_and_are() {
        let detail = json!({ "changed": {
            "scopes": { "before": ["inference"], "after": ["read_only", "inference"] },
            "expires_at": { "before": null, "after": "2999-01-01T00:00:00Z" },
        } });
        let told = |member: &str, before: Option<&str>, after: &str| Changed {
            member: member.to_owned(),
            before: before.map(str::to_owned),
            after: Some(after.to_owned()),
        };
        let mut found = changed(&detail);
        found.sort_by(|a, b| a.member.cmp(&b.member));
        let expected =
            [told("expires at", None, "2999-01-01T00:00:00Z"), told("scopes", Some("inference"), "read_only, inference")];
        assert_eq!(found, expected);
        assert_eq!(changed(&json!({ "name": "ci" })), []);
    }
}
