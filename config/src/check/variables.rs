//! Which variables a text may refer to.

use serde_json::Value;

use crate::model::Target;
use crate::path::Path;
use crate::report::Report;
use crate::{catalog, variable};

/// Checks the references in `text`, which is sent to where `target` leads, or to somebody else.
pub(super) fn check(path: &Path<'_>, text: &str, target: Option<&Target>, report: &mut Report) {
    for name in variable::names(text) {
        if !variable::may_be_used(name) {
            let message = format!("`{name}` belongs to the gateway itself, and no configuration may use it");
            report.error(path, message, "use a variable of another name");
        } else if let Some(owner) = catalog::owner_of_variable(name) {
            let is_owner = target.is_some_and(|target| target.provider_id() == owner.id);
            if !is_owner || !target.is_some_and(Target::leads_to_its_provider) {
                let message = format!("`{name}` is the credential of {} and goes to its own host alone", owner.name);
                report.error(path, message, "use a variable of another name, or none");
            }
        }
    }
}

/// Checks the references in every text of a free-form value.
pub(super) fn check_all(path: &Path<'_>, value: &Value, report: &mut Report) {
    match value {
        Value::String(text) => check(path, text, None, report),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| check_all(&path.index(index), item, report)),
        Value::Object(members) => members.iter().for_each(|(key, member)| check_all(&path.key(key), member, report)),
        _ => {}
    }
}
