//! What stands at the top level.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{LONGEST_NAME, did_you_mean, duration, one_of};
use crate::Document;
use crate::model::Config;
use crate::path::Path;
use crate::report::Report;

/// Targets up to which a rule that names none of them is told their names.
const TOLD: usize = 100;

/// The targets that a rule may name.
pub(super) struct Declared<'a> {
    keys: HashSet<&'a str>,
    /// In their order; empty: too many.
    told: Vec<&'a str>,
}

pub(super) fn check(config: &Config, declared: &Declared<'_>, report: &mut Report) {
    let root = Path::ROOT;
    if let Some(version) = config.api_version.as_deref().filter(|version| !matches!(*version, "" | "v1")) {
        let path = root.key("apiVersion");
        report.warning(&path, format!("`{version}` is not a version that this build knows; it is read as `v1`"), "write `v1`");
    }
    if config.max_request_bytes.is_some_and(|bytes| bytes < 0) {
        report.error(&root.key("max_request_bytes"), "is less than zero", "write a number of bytes, or 0 for 10 MiB");
    }
    duration(&root.key("request_timeout"), config.request_timeout.as_ref(), report);
    observability(&root.key("observability"), config.observability.as_ref(), report);
    compatibility(&root.key("compatibility"), config.compatibility.as_ref(), report);
    for (key, target) in [("batch_target", &config.batch_target), ("responses_target", &config.responses_target)] {
        if let Some(target) = target {
            declared.check(&root.key(key), target, report);
            report.not_yet_served(&root.key(key), format!("`{key}`"), "remove it");
        }
    }
    let length = Document::of(config).bytes().len();
    if length > Document::MAX_BYTES {
        let message = format!("the configuration has {length} bytes as a document, which is more than {}", Document::MAX_BYTES);
        report.error(&root, message, "make it smaller, so that it fits one message to a worker");
    }
}

impl<'a> Declared<'a> {
    pub(super) fn of(config: &'a Config) -> Self {
        let mut told: Vec<&str> = config.targets.iter().map(crate::Target::key).collect();
        let keys = told.iter().copied().collect();
        if told.len() > TOLD {
            told.clear();
        }
        told.retain(|key| key.len() <= LONGEST_NAME);
        Self { keys, told }
    }

    /// A rule names a target that there is.
    pub(super) fn check(&self, path: &Path<'_>, key: &str, report: &mut Report) {
        if self.keys.contains(key) {
            return;
        }
        // There may be very many rules, and each hint takes a look at all targets.
        let hint = match self.told.as_slice() {
            told if told.is_empty() || report.is_full() => "name one of the targets".to_owned(),
            told => did_you_mean(key, told),
        };
        report.error(path, format!("`{key}` is not one of the targets"), hint);
    }
}

fn observability(path: &Path<'_>, block: Option<&Map<String, Value>>, report: &mut Report) {
    let Some(block) = block.filter(|block| !block.is_empty()) else { return };
    if let Some(level) = block.get("tracing").and_then(|tracing| tracing["privacy_level"].as_str()) {
        one_of(&path.key("tracing").key("privacy_level"), level, &["none", "metadata", "full"], report);
    }
    report.not_yet_served(path, "`observability`", "remove it; `/metrics` and the request log need no configuration");
}

fn compatibility(path: &Path<'_>, block: Option<&Map<String, Value>>, report: &mut Report) {
    for (key, value) in block.into_iter().flatten() {
        let path = path.key(key);
        match value.as_str() {
            _ if key != "on_unsupported_param" => {
                report.error(&path, format!("unknown key `{key}`"), "`on_unsupported_param` is the only one here");
            }
            Some("warn") => {}
            Some(mode @ ("drop" | "reject")) => {
                report.not_yet_served(&path, format!("`{mode}`"), "write `warn`, or remove it");
            }
            Some(mode) => {
                one_of(&path, mode, &["warn", "drop", "reject"], report);
            }
            None => report.error(&path, "must be a string", "one of: warn, drop, reject"),
        }
    }
}
