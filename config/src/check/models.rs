//! Which models a target serves: exact names, so that no request goes where nobody meant it to.

use std::collections::BTreeSet;

use super::name;
use crate::model::Models;
use crate::path::Path;
use crate::report::Report;

pub(super) fn check(path: &Path<'_>, models: Option<&Models>, report: &mut Report) {
    let before = report.len();
    match models {
        None => {}
        Some(Models::List(list)) if list.len() == 1 && list[0] == "*" => {}
        Some(Models::List(list)) => {
            let mut seen = BTreeSet::new();
            for (index, model) in list.iter().enumerate() {
                let path = path.index(index);
                exact(&path, model, report);
                if !seen.insert(model) {
                    report.error(&path, format!("`{model}` is listed a second time"), "list each model once");
                }
            }
        }
        Some(Models::Map(map)) => {
            for (public, vendor) in map {
                exact(&path.key(public), public, report);
                exact(&path.key(public), vendor, report);
            }
        }
    }
    let is_empty = models.is_some_and(|models| match models {
        Models::List(list) => list.is_empty(),
        Models::Map(map) => map.is_empty(),
    });
    if is_empty && report.len() == before {
        report.error(path, "lists no model, so the target would serve none", "list some, or remove it for the catalog's");
    }
}

fn exact(path: &Path<'_>, model: &str, report: &mut Report) {
    if name(path, model, report) && model.contains(['*', '?']) {
        let hint = r#"write exact names, or `["*"]` alone for every model"#;
        report.error(path, format!("`{model}` has a wildcard in it"), hint);
    }
}
