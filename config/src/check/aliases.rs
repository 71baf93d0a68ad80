//! Aliases: replaced once, so none leads to another.

use std::collections::BTreeMap;

use super::{LONGEST_NAME, name};
use crate::path::Path;
use crate::report::Report;

pub(super) fn check(aliases: &BTreeMap<String, String>, report: &mut Report) {
    let path = Path::ROOT.key("aliases");
    for (alias, model) in aliases {
        let path = path.key(alias);
        name(&path, alias, report);
        name(&path, model, report);
        if alias == model {
            report.error(&path, "stands for itself", "remove it, or name the model that it stands for");
        } else if let Some(next) = aliases.get(model) {
            let message = format!("stands for `{model}`, which is an alias itself");
            // Many aliases may stand for one.
            let next = &next[..next.floor_char_boundary(LONGEST_NAME)];
            report.error(&path, message, format!("name the model: `{next}`"));
        }
    }
}
